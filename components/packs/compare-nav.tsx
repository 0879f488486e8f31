import { useState } from 'react'

import { cn } from '@/components/ui/cn'
import { count, formatNumber } from '@/components/ui/numbers'
import type { ComparedFile } from './compare-queries'

/** What of a comparison is looked at: what changed by its meaning, or a file. Empty: the former. */
export function CompareNav({
  files,
  open,
  onOpen,
}: {
  files: ComparedFile[]
  open: string
  onOpen: (path: string | null) => void
}) {
  const [unchanged, setUnchanged] = useState(false)
  const changed = files.filter((one) => one.change !== 'same')
  const same = files.filter((one) => one.change === 'same')
  const showsSame = unchanged || same.some((one) => one.path === open)
  return (
    <nav aria-label="Parts of the comparison" className="flex flex-col gap-4">
      <ul className="flex flex-col gap-0.5">
        <Item isOpen={open === ''} onOpen={() => onOpen(null)}>
          What changed
        </Item>
      </ul>
      {changed.length > 0 ? (
        <ul aria-label="Files that differ" className="flex flex-col gap-0.5">
          {changed.map((file) => (
            <Item key={file.path} isOpen={open === file.path} onOpen={() => onOpen(file.path)} mono>
              <Path path={file.path} />
              <Counts file={file} />
            </Item>
          ))}
        </ul>
      ) : null}
      {same.length > 0 ? (
        <div className="flex flex-col gap-0.5">
          <button
            type="button"
            aria-expanded={showsSame}
            onClick={() => setUnchanged(!showsSame)}
            className="px-2 py-1 text-left text-ink-soft text-xs underline-offset-3 hover:underline"
          >
            {count(same.length, 'file is', 'files are')} the same
          </button>
          {showsSame ? (
            <ul aria-label="Files that are the same" className="flex flex-col gap-0.5">
              {same.map((file) => (
                <Item key={file.path} isOpen={open === file.path} onOpen={() => onOpen(file.path)} mono>
                  <Path path={file.path} />
                </Item>
              ))}
            </ul>
          ) : null}
        </div>
      ) : null}
    </nav>
  )
}

function Item({
  isOpen,
  onOpen,
  mono,
  children,
}: {
  isOpen: boolean
  onOpen: () => void
  mono?: boolean
  children: React.ReactNode
}) {
  return (
    <li>
      <button
        type="button"
        aria-current={isOpen ? 'true' : undefined}
        onClick={onOpen}
        className={cn(
          'flex min-h-8 w-full items-center gap-2 rounded px-2 text-left hover:bg-sunken',
          mono && 'mono text-xs',
          isOpen && 'bg-accent-soft text-accent',
        )}
      >
        {children}
      </button>
    </li>
  )
}

/** The name first: folders of charts are long, and much alike. */
function Path({ path }: { path: string }) {
  const at = path.lastIndexOf('/') + 1
  return (
    <span className="flex min-w-0 flex-1 flex-col py-1" title={path}>
      <span className="truncate">{path.slice(at)}</span>
      {at > 0 ? <span className="truncate text-ink-faint">{path.slice(0, at - 1)}</span> : null}
    </span>
  )
}

function Counts({ file: { change, lines } }: { file: ComparedFile }) {
  if (change === 'added' || change === 'removed')
    return <span className={change === 'added' ? 'text-good' : 'text-bad'}>{change}</span>
  if (!lines) return <span className="text-ink-faint">differs</span>
  return (
    <span className="whitespace-nowrap">
      <span className="text-good">+{formatNumber(lines.added)}</span>{' '}
      <span className="text-bad">−{formatNumber(lines.removed)}</span>
    </span>
  )
}
