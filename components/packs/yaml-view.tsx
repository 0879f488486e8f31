import { type ReactNode, useMemo, useState } from 'react'

import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { formatNumber } from '@/components/ui/numbers'

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

/** Lines shown at first, and with each "Show more": a browser is slow with many more. */
const LINES = 3_000

/** YAML to read: comments stay, keys stand out, lines are numbered. Long texts are painted as they come into view. */
export function YamlView({
  text,
  label,
  plain,
  className,
}: {
  text: string
  label: string
  /** It is another text: nothing stands out. */
  plain?: boolean
  className?: string
}) {
  const lines = useMemo(() => text.replace(/\n$/, '').split('\n'), [text])
  const [most, setMost] = useState(LINES)
  const left = lines.length - most
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
      tabIndex={0}
      className={cn('max-h-[70dvh] overflow-auto rounded-lg border bg-surface py-3', className)}
    >
      <pre className="w-max min-w-full text-xs leading-5">
        <code>
          {lines.slice(0, most).map((line, index) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place in the text
              key={index}
              className="flex pr-4 [content-visibility:auto] [contain-intrinsic-size:auto_20px]"
            >
              <span aria-hidden className="w-12 shrink-0 select-none pr-4 text-right text-ink-faint">
                {index + 1}
              </span>
              <span className="whitespace-pre">
                {plain ? line : toLine(line)}
                {'\n'}
              </span>
            </span>
          ))}
        </code>
      </pre>
      {left > 0 ? (
        <div className="sticky left-0 flex items-center gap-3 px-4 pt-3">
          <Button size="small" onClick={() => setMost(most + LINES)}>
            Show more
          </Button>
          <span className="text-ink-soft text-xs">{formatNumber(left)} lines follow.</span>
        </div>
      ) : null}
    </section>
  )
}
