'use client'

import dynamic from 'next/dynamic'
import { useId } from 'react'

import { Skeleton } from '@/components/ui/list-states'
import type { Finding, Fix } from '@/lib/profiles/rules/finding'
import type { Spot } from '../finding-places'
import type { Knowledge } from './knowledge'

export interface YamlEditorProps {
  /** What it holds, for screen readers: "Values of Kubernetes". */
  label: string
  value: string
  /** Told when typing rests. Without it the text is for reading. */
  onChange?: (value: string) => void
  /** Another one puts the cursor there. */
  goTo?: Spot | undefined
  /** What was found in this text. */
  findings?: readonly Finding[]
  onFix?: ((fixes: readonly Fix[]) => void) | undefined
  /** What is completed and told on hover. */
  known?: Knowledge
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
        <Surface {...props} {...(props.onChange && { describedBy: hint })} />
      </div>
      {props.onChange ? (
        <p id={hint} className="hidden text-ink-faint text-xs sm:block">
          Tab indents. Press <Kbd>Esc</Kbd>, then <Kbd>Tab</Kbd> to leave the editor. <Kbd>Ctrl Space</Kbd>{' '}
          completes, <Kbd>Ctrl F</Kbd> finds, <Kbd>F8</Kbd> goes to the next problem.
        </p>
      ) : null}
    </div>
  )
}

const Kbd = ({ children }: { children: string }) => (
  <kbd className="mono rounded-sm border px-1">{children}</kbd>
)
