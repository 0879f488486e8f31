import Markdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'

const WEB = /^https?:\/\//i

/*
 * A README is somebody else's text: no HTML of its own is taken over (react-markdown drops it), links lead to the web
 * only and tell where, and no image is loaded from elsewhere, which would tell others who reads what.
 */
const parts: Components = {
  a: ({ href, children }) =>
    href && WEB.test(href) ? (
      <a
        href={href}
        title={href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="text-accent underline underline-offset-3"
      >
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
  img: ({ src, alt }) =>
    typeof src === 'string' && WEB.test(src) ? (
      <a
        href={src}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="text-accent underline underline-offset-3"
      >
        Image: {alt || src}
      </a>
    ) : (
      <span className="text-ink-faint">[{alt || 'Image'}]</span>
    ),
  // The page has its own first heading.
  h1: ({ children }) => <h2>{children}</h2>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  pre: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <pre tabIndex={0}>{children}</pre>
  ),
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as above
    <div className="overflow-x-auto" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
}

/** A pack's README, as text: nothing in it runs. */
export default function Readme({ text }: { text: string }) {
  return (
    <article className="readme">
      <Markdown remarkPlugins={[remarkGfm]} components={parts}>
        {text}
      </Markdown>
    </article>
  )
}
