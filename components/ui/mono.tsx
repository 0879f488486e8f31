'use client'

import { Check, Copy } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'

import { Button } from './button'
import { cn } from './cn'

/** Keeps both ends of a long text: its end tells as much as its beginning. */
export function shorten(text: string, max = 32): string {
  if (text.length <= max) return text
  const head = Math.ceil((max - 1) * 0.6)
  return `${text.slice(0, head)}…${text.slice(text.length - (max - 1 - head))}`
}

/** A digest, an address or a version: in mono, shortened in the middle, copied by a click. */
export function Mono({ text, max = 40, className }: { text: string; max?: number; className?: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <button
      type="button"
      title={`${text}\nCopy`}
      onClick={(event) => {
        event.preventDefault()
        event.stopPropagation()
        void navigator.clipboard?.writeText(text).then(() => setCopied(true))
      }}
      className={cn(
        'mono group inline-flex min-h-6 max-w-full items-center gap-1.5 rounded-sm text-left text-ink-soft hover:text-ink',
        className,
      )}
    >
      <span className="truncate">{shorten(text, max)}</span>
      <span aria-hidden className="opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100">
        {copied ? <Check className="size-3.5 text-good" /> : <Copy className="size-3.5" />}
      </span>
      <span className="sr-only" aria-live="polite">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  )
}

/** A command or a block of text to take along. */
export function CopyBlock({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false)
  return (
    <div className="flex items-start gap-2 rounded border bg-sunken px-3 py-2">
      <pre className="min-w-0 flex-1 whitespace-pre-wrap text-ink text-xs leading-5 [overflow-wrap:anywhere]">
        {text}
      </pre>
      <button
        type="button"
        aria-label={copied ? 'Copied' : label}
        onClick={() => void navigator.clipboard?.writeText(text).then(() => setCopied(true))}
        className="grid size-6 shrink-0 place-items-center rounded-sm text-ink-soft hover:text-ink"
      >
        {copied ? (
          <Check aria-hidden className="size-3.5 text-good" />
        ) : (
          <Copy aria-hidden className="size-3.5" />
        )}
      </button>
    </div>
  )
}

/** Takes a text along that stands elsewhere on the page. */
export function CopyText({
  text,
  children = 'Copy',
  className,
}: {
  text: string
  children?: ReactNode
  className?: string
}) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <Button
      size="small"
      className={className}
      icon={copied ? <Check aria-hidden className="text-good" /> : <Copy aria-hidden />}
      onClick={() => void navigator.clipboard?.writeText(text).then(() => setCopied(true))}
    >
      <span aria-live="polite">{copied ? 'Copied' : children}</span>
    </Button>
  )
}
