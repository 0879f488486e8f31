import Link from 'next/link'
import { createContext, memo, type ReactNode, useContext, useEffect, useState } from 'react'
import Markdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'

import { pathOf } from '@/lib/client/call'
import { placeOf, readLink } from './readme-links'
import { piecesOf } from './readme-pieces'

interface Place {
  /** The version whose files links and pictures are; without it they are words. */
  packUid?: string
  /** The file that is shown. */
  from?: string
  /** The address at which a file of the pack is shown. */
  hrefOf?: (path: string) => string
}
const PlaceContext = createContext<Place>({})

/*
 * A README is somebody else's text: no HTML of its own is taken over (react-markdown drops it), links lead to the web, to
 * a place in it or to a file of the pack, and no image is loaded from elsewhere, which would tell others who reads what.
 */
const parts: Components = {
  a: ({ href, children }) => <ReadmeLink href={href ?? ''}>{children}</ReadmeLink>,
  img: ({ src, alt }) => <ReadmePicture src={typeof src === 'string' ? src : ''} alt={alt ?? ''} />,
  // The page has its own first heading.
  h1: ({ children }) => <h2 id={idOf(children)}>{children}</h2>,
  h2: ({ children }) => <h3 id={idOf(children)}>{children}</h3>,
  h3: ({ children }) => <h4 id={idOf(children)}>{children}</h4>,
  h4: ({ children }) => <h5 id={idOf(children)}>{children}</h5>,
  h5: ({ children }) => <h6 id={idOf(children)}>{children}</h6>,
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

const LINK = 'text-accent underline underline-offset-3'

function ReadmeLink({ href, children }: { href: string; children: ReactNode }) {
  const { from, hrefOf } = useContext(PlaceContext)
  const link = readLink(href, from)
  if (link?.to === 'web')
    return (
      <a href={href} title={href} target="_blank" rel="noopener noreferrer nofollow" className={LINK}>
        {children}
      </a>
    )
  if (link?.to === 'place')
    return (
      <a href={`#${link.id}`} className={LINK}>
        {children}
      </a>
    )
  if (link?.to === 'file' && hrefOf)
    return (
      <Link href={hrefOf(link.path)} title={`${link.path}, a file of this pack`} className={LINK}>
        {children}
      </Link>
    )
  return <span>{children}</span>
}

function ReadmePicture({ src, alt }: { src: string; alt: string }) {
  const { packUid, from } = useContext(PlaceContext)
  const link = readLink(src, from)
  if (link?.to === 'web')
    return (
      <a href={src} target="_blank" rel="noopener noreferrer nofollow" className={LINK}>
        Image: {alt || src}
      </a>
    )
  if (link?.to === 'file' && packUid)
    return (
      // biome-ignore lint/performance/noImgElement: the API serves it, bounded
      <img
        src={`${pathOf('readPackPicture', { uid: packUid })}?${new URLSearchParams({ path: link.path })}`}
        alt={alt || link.path}
        loading="lazy"
        decoding="async"
        className="max-h-120 max-w-full"
      />
    )
  return <span className="text-ink-faint">[{alt || 'Image'}]</span>
}

function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node)
  if (Array.isArray(node)) return node.map(textOf).join('')
  const props = typeof node === 'object' && node !== null && 'props' in node ? node.props : null
  return textOf((props as { children?: ReactNode } | null)?.children)
}

const idOf = (children: ReactNode) => placeOf(textOf(children))

/** What react-markdown would take away of links: our own parts decide. */
const asWritten = (url: string) => url

/** One piece, read when it is shown; one that cannot be read (it is nested too deeply, say) as it stands. */
const Piece = memo(function Piece({ text }: { text: string }) {
  try {
    // Called as the function that it is: it reads all of the text, and what it throws is caught here.
    return Markdown({
      ...{ children: text, remarkPlugins: [remarkGfm] },
      ...{ components: parts, urlTransform: asWritten },
    })
  } catch {
    return <pre>{text}</pre>
  }
})

/** Between two pieces: what a person does meanwhile comes first. */
const PAUSE_MS = 30

/** A pack's README, as text: nothing in it runs. A long one grows piece by piece. */
export default function Readme({ text, packUid, from, hrefOf }: Place & { text: string }) {
  const [{ pieces, shown, of }, set] = useState(() => ({ pieces: piecesOf(text), shown: 1, of: text }))
  if (of !== text) set({ pieces: piecesOf(text), shown: 1, of: text })
  useEffect(() => {
    if (shown >= pieces.length) return
    const next = setTimeout(() => set((was) => ({ ...was, shown: shown + 1 })), PAUSE_MS)
    return () => clearTimeout(next)
  }, [pieces, shown])
  return (
    <PlaceContext value={{ packUid, from, hrefOf }}>
      <article className="readme" aria-busy={shown < pieces.length}>
        {pieces.slice(0, shown).map((piece, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place in the text
          <Piece key={index} text={piece} />
        ))}
      </article>
    </PlaceContext>
  )
}
