'use client'

import { useQuery } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Check, Columns2, Copy, Rows2 } from 'lucide-react'
import { useEffect, useState } from 'react'

import type { useAddress } from '@/components/shell/use-address'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { cn } from '@/components/ui/cn'
import { DiffView } from '@/components/ui/diff-view'
import { LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { Menu, MenuItem } from '@/components/ui/menu'
import { count, formatNumber } from '@/components/ui/numbers'
import { useWide } from '@/components/ui/use-wide'
import type { Answer } from '@/lib/client/call'
import { countLines, type LineEdit } from '@/lib/pack-format/lines'
import { unifiedDiff } from '@/lib/pack-format/unified-diff'
import { fileComparisonQuery } from './compare-queries'

type FileComparison = Answer<'comparePackFile'>
type Address = ReturnType<typeof useAddress>

/** One file of both sides, line by line. */
export function CompareFile({
  left,
  right,
  path,
  names,
  address,
}: {
  left: string
  right: string
  path: string
  /** What the sides are called. */
  names: [string, string]
  address: Address
}) {
  const file = useQuery(fileComparisonQuery(left, right, path))
  if (file.isPending) return <SkeletonRows label="Loading the file" rows={10} height="h-5" />
  if (file.isError) return <LoadFailed what="The file" error={file.error} retry={() => void file.refetch()} />
  const { edits } = file.data
  if (!edits)
    return (
      <Callout title={`${path} differs`} tone="warn">
        {file.data.reason}
      </Callout>
    )
  return <Lines file={{ ...file.data, edits }} names={names} address={address} />
}

function Lines({
  file,
  names,
  address: { query, set },
}: {
  file: FileComparison & { edits: LineEdit[] }
  names: [string, string]
  address: Address
}) {
  const { edits, path } = file
  const wide = useWide()
  const inline = !wide || query.get('view') === 'inline'
  const all = query.get('all') === '1'
  const at = Number(query.get('change') ?? 0)
  const current = Number.isInteger(at) && at >= 1 && at <= edits.length ? at - 1 : null
  const goTo = (change: number) => set({ change: String(((change + edits.length) % edits.length) + 1) })
  const next = () => goTo(current === null ? 0 : current + 1)
  const previous = () => goTo(current === null ? -1 : current - 1)
  useStepKeys(edits.length > 0, next, previous)
  const { added, removed } = countLines(edits)

  if (edits.length === 0)
    return (
      <Callout tone={file.left === file.right ? 'good' : 'info'} title={`${path} has the same lines`}>
        {file.left === file.right ? 'Nothing differs.' : 'Only the line break at the end differs.'}
      </Callout>
    )
  return (
    <section aria-label={path} className="flex min-w-0 flex-col gap-3">
      {/* Stays in sight below the bar of the page, for those who step from change to change. */}
      <div className="sticky top-13 z-10 -my-1 flex flex-wrap items-center gap-2 bg-paper py-1">
        <h2 className="mono mr-auto text-sm [overflow-wrap:anywhere]">
          {path}{' '}
          <span className="whitespace-nowrap text-xs">
            <span className="text-good">+{formatNumber(added)}</span>{' '}
            <span className="text-bad">−{formatNumber(removed)}</span>
          </span>
        </h2>
        <fieldset className="hidden lg:flex">
          <legend className="sr-only">View</legend>
          <Button
            size="small"
            aria-pressed={!inline}
            onClick={() => set({ view: null })}
            icon={<Columns2 aria-hidden />}
            className={cn('rounded-r-none', !inline && 'bg-accent-soft text-accent')}
          >
            Side by side
          </Button>
          <Button
            size="small"
            aria-pressed={inline}
            onClick={() => set({ view: 'inline' })}
            icon={<Rows2 aria-hidden />}
            className={cn('-ml-px rounded-l-none', inline && 'bg-accent-soft text-accent')}
          >
            Inline
          </Button>
        </fieldset>
        <Button
          size="small"
          aria-pressed={!all}
          onClick={() => set({ all: all ? null : '1' })}
          className={cn(!all && 'bg-accent-soft text-accent')}
        >
          Only changes
        </Button>
        <CopyMenu file={file} names={names} />
        <div className="flex items-center gap-1">
          <Button
            size="small-icon"
            aria-label="Previous change"
            aria-keyshortcuts="Alt+ArrowUp"
            title="Previous change (Alt ↑)"
            onClick={previous}
          >
            <ArrowUp aria-hidden />
          </Button>
          <Button
            size="small-icon"
            aria-label="Next change"
            aria-keyshortcuts="Alt+ArrowDown"
            title="Next change (Alt ↓)"
            onClick={next}
          >
            <ArrowDown aria-hidden />
          </Button>
          <p aria-live="polite" className="tabular min-w-20 pl-1 text-ink-soft text-xs">
            {current === null
              ? count(edits.length, 'change')
              : `${formatNumber(current + 1)} of ${formatNumber(edits.length)}`}
          </p>
        </div>
      </div>
      <DiffView
        // Folds that were opened belong to one file.
        key={path}
        label={path}
        left={file.left}
        right={file.right}
        edits={edits}
        names={names}
        inline={inline}
        all={all}
        current={current}
      />
    </section>
  )
}

/** Alt with an arrow, wherever the focus is, but for what has these keys itself. */
function useStepKeys(on: boolean, next: () => void, previous: () => void): void {
  useEffect(() => {
    if (!on) return
    const step = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
      if (event.target instanceof Element && event.target.closest('select, input, textarea')) return
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
      event.preventDefault()
      if (event.key === 'ArrowDown') next()
      else previous()
    }
    window.addEventListener('keydown', step)
    return () => window.removeEventListener('keydown', step)
  })
}

function CopyMenu({
  file: { path, left, right, edits },
  names,
}: {
  file: FileComparison & { edits: LineEdit[] }
  names: [string, string]
}) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = (text: string) => void navigator.clipboard?.writeText(text).then(() => setCopied(true))
  const nameOf = (side: string) => `${side.replaceAll(/\s+/g, '_')}/${path}`
  const diff = () => {
    const lines = unifiedDiff(
      { name: nameOf(names[0]), text: left },
      { name: nameOf(names[1]), text: right },
      edits,
    )
    return `${lines.join('\n')}\n`
  }
  return (
    <>
      <Menu
        trigger={
          <Button
            size="small"
            icon={copied ? <Check aria-hidden className="text-good" /> : <Copy aria-hidden />}
          >
            Copy
          </Button>
        }
      >
        <MenuItem onSelect={() => copy(diff())}>The difference, as a patch</MenuItem>
        <MenuItem onSelect={() => copy(left)}>The whole file of {names[0]}</MenuItem>
        <MenuItem onSelect={() => copy(right)}>The whole file of {names[1]}</MenuItem>
      </Menu>
      <span className="sr-only" aria-live="polite">
        {copied ? 'Copied' : ''}
      </span>
    </>
  )
}
