'use client'

import { ChevronsUpDown } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'

import { type LineEdit, linesOf } from '@/lib/pack-format/lines'
import { Button } from './button'
import { cn } from './cn'
import { type DiffLine, type DiffRow, diffRows, inlineRows } from './diff-rows'
import { formatNumber } from './numbers'

/** Rows painted at first, and with each "Show more". */
const ROWS = 3_000

export interface DiffViewProps {
  /** What is compared, for screen readers: "values.yaml". */
  label: string
  left: string
  right: string
  edits: readonly LineEdit[]
  /** What the sides are called. */
  names: [left: string, right: string]
  /** Below each other instead of beside. */
  inline: boolean
  /** Nothing is folded. */
  all: boolean
  /** The change that is brought into view, from 0. */
  current: number | null
}

/** Two texts line by line. What did not change is folded, and opens where somebody asks. */
export function DiffView({ label, left, right, edits, names, inline, all, current }: DiffViewProps) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [most, setMost] = useState(ROWS)
  const box = useRef<HTMLTableElement>(null)
  const rows = useMemo(() => {
    const beside = diffRows(linesOf(left), linesOf(right), edits, { opened, all })
    return inline ? inlineRows(beside) : beside
  }, [left, right, edits, opened, all, inline])

  const target = rows.findIndex((row) => row.kind === 'change' && row.begins && row.change === current)
  const shown = rows.slice(0, Math.max(most, target + 1 + ROWS * Number(target >= most)))
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same change in another form is looked for again
  useEffect(() => {
    if (current === null) return
    box.current?.querySelector(`[data-begins="${current}"]`)?.scrollIntoView({ block: 'center' })
  }, [current, inline])

  const open = (id: string) => setOpened(new Set([...opened, id]))
  const Row = inline ? InlineRow : BesideRow
  return (
    <div className="overflow-hidden rounded-lg border bg-surface">
      <table
        ref={box}
        aria-label={`${label}: ${names[0]} and ${names[1]}`}
        className="mono w-full table-fixed border-collapse text-xs leading-5 [tab-size:4]"
      >
        <colgroup>
          <col className="w-10 sm:w-12" />
          <col className={inline ? 'w-10 sm:w-12' : undefined} />
          <col className={inline ? undefined : 'w-12'} />
          {inline ? null : <col />}
        </colgroup>
        <thead className={inline ? 'sr-only' : undefined}>
          <tr className="border-b bg-sunken/60 text-left font-sans text-ink-soft">
            {inline ? (
              <>
                <th scope="col">Line of {names[0]}</th>
                <th scope="col">Line of {names[1]}</th>
                <th scope="col">Text</th>
              </>
            ) : (
              names.map((name, side) => (
                <th
                  key={side === 0 ? 'left' : 'right'}
                  scope="col"
                  colSpan={2}
                  className={cn('truncate px-4 py-2 font-medium', side === 1 && 'border-l')}
                >
                  {name}
                </th>
              ))
            )}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) =>
            row.kind === 'fold' ? (
              <FoldRow key={`fold ${row.id}`} row={row} columns={inline ? 3 : 4} open={open} />
            ) : (
              <Row
                key={`${row.left?.number ?? ''} ${row.right?.number ?? ''}`}
                row={row}
                isCurrent={row.kind === 'change' && row.change === current}
              />
            ),
          )}
        </tbody>
      </table>
      {rows.length > shown.length ? (
        <div className="flex justify-center border-t p-3 font-sans">
          <Button size="small" onClick={() => setMost(shown.length + ROWS)}>
            Show more ({formatNumber(rows.length - shown.length)} lines are left)
          </Button>
        </div>
      ) : null}
    </div>
  )
}

const FoldRow = ({
  row,
  columns,
  open,
}: {
  row: Extract<DiffRow, { kind: 'fold' }>
  columns: number
  open: (id: string) => void
}) => (
  <tr className="border-y bg-sunken/60 first:border-t-0">
    <td colSpan={columns} className="p-0">
      <button
        type="button"
        onClick={() => open(row.id)}
        className="flex min-h-8 w-full items-center gap-2 px-4 font-sans text-ink-soft hover:bg-accent-soft hover:text-accent"
      >
        <ChevronsUpDown aria-hidden className="size-3.5" />
        {formatNumber(row.count)} unchanged {row.count === 1 ? 'line' : 'lines'}
      </button>
    </td>
  </tr>
)

type LineRow = Exclude<DiffRow, { kind: 'fold' }>

/** What names a change, so that it can be gone to. */
const anchorOf = (row: LineRow) => (row.kind === 'change' && row.begins ? row.change : undefined)

function BesideRow({ row, isCurrent }: { row: LineRow; isCurrent: boolean }) {
  const isChange = row.kind === 'change'
  return (
    <tr data-begins={anchorOf(row)} className="scroll-my-24">
      <NumberCell line={row.left} tone={isChange && row.left ? 'gone' : ''} isCurrent={isCurrent} />
      <TextCell line={row.left} tone={isChange ? (row.left ? 'gone' : 'none') : ''} />
      <NumberCell line={row.right} tone={isChange && row.right ? 'come' : ''} className="border-l" />
      <TextCell line={row.right} tone={isChange ? (row.right ? 'come' : 'none') : ''} />
    </tr>
  )
}

function InlineRow({ row, isCurrent }: { row: LineRow; isCurrent: boolean }) {
  const tone = row.kind === 'same' ? '' : row.left ? 'gone' : 'come'
  return (
    <tr data-begins={anchorOf(row)} className="scroll-my-24">
      <NumberCell line={row.left} tone={tone} isCurrent={isCurrent} />
      <NumberCell line={row.right} tone={tone} />
      <TextCell line={row.left ?? row.right} tone={tone} />
    </tr>
  )
}

type Tone = '' | 'none' | 'gone' | 'come'

const GROUNDS: Record<Tone, string> = {
  '': '',
  none: 'bg-sunken/50',
  gone: 'bg-bad-soft',
  come: 'bg-good-soft',
}

/** The number is drawn and not written, so that whoever copies lines copies no numbers. */
const NumberCell = ({
  line,
  tone,
  isCurrent,
  className,
}: {
  line: DiffLine | null
  tone: Tone
  isCurrent?: boolean
  className?: string
}) => (
  <td
    data-number={line?.number ?? ''}
    className={cn(
      'select-none pr-1.5 text-right align-top text-ink-faint before:content-[attr(data-number)] sm:pr-2.5',
      GROUNDS[tone],
      isCurrent && 'shadow-[inset_3px_0_0_var(--accent)]',
      className,
    )}
  />
)

const SIGNS: Record<Tone, string> = { '': '\u00a0', none: '', gone: '−', come: '+' }

function TextCell({ line, tone }: { line: DiffLine | null; tone: Tone }) {
  const Kind = tone === 'gone' ? 'del' : tone === 'come' ? 'ins' : 'span'
  return (
    <td
      data-sign={SIGNS[tone]}
      className={cn(
        'relative whitespace-pre-wrap pr-3 pl-5 align-top [overflow-wrap:anywhere]',
        'before:absolute before:left-1.5 before:content-[attr(data-sign)]',
        tone === 'gone' && 'before:text-bad',
        tone === 'come' && 'before:text-good',
        GROUNDS[tone],
      )}
    >
      {line ? (
        <Kind className="no-underline">
          <Marked line={line} tone={tone} />
        </Kind>
      ) : null}
    </td>
  )
}

/** A line with what differs of it in stronger colour. An empty line is as high as others. */
function Marked({ line: { text, mark }, tone }: { line: DiffLine; tone: Tone }) {
  if (!mark || mark[0] === mark[1]) return <>{text || '\u200b'}</>
  const [from, to] = mark
  return (
    <>
      {text.slice(0, from)}
      <span
        className={cn(
          'rounded-xs',
          tone === 'gone'
            ? 'bg-[color-mix(in_oklch,var(--bad)_22%,var(--bad-soft))]'
            : 'bg-[color-mix(in_oklch,var(--good)_24%,var(--good-soft))]',
        )}
      >
        {text.slice(from, to)}
      </span>
      {text.slice(to)}
    </>
  )
}
