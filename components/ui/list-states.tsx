'use client'

import type { ReactNode } from 'react'

import { Button } from './button'
import { Callout } from './callout'
import { cn } from './cn'

/** A place that will be filled: as large as what comes. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden className={cn('skeleton', className)} />
)

/** Rows that are on their way, of the height that they will have. */
export function SkeletonRows({
  rows = 6,
  height = 'h-12',
  label,
}: {
  rows?: number
  height?: string
  label: string
}) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-2 p-3">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <Skeleton key={index} className={height} />
      ))}
    </div>
  )
}

/** What could not be loaded, why, and another try. */
export function LoadFailed({ what, error, retry }: { what: string; error: Error; retry: () => void }) {
  const ref = 'ref' in error && typeof error.ref === 'string' ? error.ref : ''
  return (
    <Callout
      tone="bad"
      title={`${what} could not be loaded`}
      action={
        <Button size="small" onClick={retry}>
          Try again
        </Button>
      }
    >
      {error.name === 'TypeError' ? 'The console cannot be reached. Check the network.' : error.message}
      {ref ? (
        <>
          {' '}
          <span className="whitespace-nowrap text-xs">
            Reference: <span className="mono">{ref}</span>
          </span>
        </>
      ) : null}
    </Callout>
  )
}

/** Nothing here yet: what it is for, and what to do first. */
export function Empty({
  picture,
  title,
  children,
  action,
  heading: Heading = 'h2',
}: {
  picture?: ReactNode
  title: string
  /** The page's own heading where nothing else stands on the page. */
  heading?: 'h1' | 'h2'
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="flex flex-col items-center gap-4 px-6 py-14 text-center">
      {picture}
      <div className="flex max-w-md flex-col gap-1.5">
        <Heading className="text-lg">{title}</Heading>
        {children ? <div className="text-ink-soft">{children}</div> : null}
      </div>
      {action}
    </div>
  )
}
