'use client'

import dynamic from 'next/dynamic'
import { useId } from 'react'

import { Skeleton } from '@/components/ui/list-states'

export interface YamlEditorProps {
  /** What it holds, for screen readers: "Values of Kubernetes". */
  label: string
  value: string
  /** Without it the text is for reading. */
  onChange?: (value: string) => void
  /** A values file is one document; manifests may be many. */
  documents?: 'one' | 'many'
  /** Counted up to put the cursor on a line, from 1. */
  goTo?: { line: number; at: number }
  /** Any CSS length. */
  height?: string
}

// The editor weighs more than the rest of the page: it comes when it is looked at.
const Surface = dynamic(() => import('./yaml-surface'), {
  ssr: false,
  loading: () => <Skeleton className="h-full w-full rounded-none" />,
})

/** A YAML text with its errors marked where they are. */
export function YamlEditor({ height = '28rem', ...props }: YamlEditorProps) {
  const hint = useId()
  return (
    <div className="flex flex-col gap-1.5">
      <div
        className="overflow-hidden rounded border border-line-strong bg-surface focus-within:outline-2 focus-within:outline-focus focus-within:outline-offset-1"
        style={{ height }}
      >
        <Surface {...props} describedBy={props.onChange ? hint : undefined} />
      </div>
      {props.onChange ? (
        <p id={hint} className="hidden text-ink-faint text-xs sm:block">
          Tab indents. Press <Kbd>Esc</Kbd>, then <Kbd>Tab</Kbd> to leave the editor. <Kbd>Ctrl F</Kbd> finds.
        </p>
      ) : null}
    </div>
  )
}

const Kbd = ({ children }: { children: string }) => (
  <kbd className="mono rounded-sm border px-1">{children}</kbd>
)
