import { type ReactNode, useMemo } from 'react'

import { cn } from '@/components/ui/cn'

const KEY = /^(\s*(?:- )*)("[^"]*"|'[^']*'|[^\s#:'"{}[\]][^#:{}[\]]*?)(:)(?=\s|$)(.*)$/
const COMMENT = /(^|\s)(#.*)$/

/** The comment of a line, when its `#` stands outside quotes. */
function splitComment(text: string): [string, string] {
  const found = COMMENT.exec(text)
  if (!found) return [text, '']
  const at = found.index + (found[1]?.length ?? 0)
  const before = text.slice(0, at)
  const quotes = (mark: string) => before.split(mark).length - 1
  return quotes('"') % 2 === 0 && quotes("'") % 2 === 0 ? [before, text.slice(at)] : [text, '']
}

function toLine(line: string): ReactNode {
  const [code, comment] = splitComment(line)
  const key = KEY.exec(code)
  return (
    <>
      {key ? (
        <>
          {key[1]}
          <span className="text-accent">{key[2]}</span>
          {key[3]}
          {key[4]}
        </>
      ) : (
        code
      )}
      {comment ? <span className="text-ink-faint">{comment}</span> : null}
    </>
  )
}

/** YAML to read: comments stay, keys stand out, lines are numbered. Long texts are painted as they come into view. */
export function YamlView({ text, label, className }: { text: string; label: string; className?: string }) {
  const lines = useMemo(() => text.replace(/\n$/, '').split('\n'), [text])
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
      tabIndex={0}
      className={cn('max-h-[70dvh] overflow-auto rounded-lg border bg-surface py-3', className)}
    >
      <pre className="w-max min-w-full text-xs leading-5">
        <code>
          {lines.map((line, index) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place in the text
              key={index}
              className="flex pr-4 [content-visibility:auto] [contain-intrinsic-size:auto_20px]"
            >
              <span aria-hidden className="w-12 shrink-0 select-none pr-4 text-right text-ink-faint">
                {index + 1}
              </span>
              <span className="whitespace-pre">
                {toLine(line)}
                {'\n'}
              </span>
            </span>
          ))}
        </code>
      </pre>
    </section>
  )
}
