'use client'

import { Check, TriangleAlert, X } from 'lucide-react'
import { type CSSProperties, type ReactNode, useEffect, useState } from 'react'

import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { formatDuration } from '@/components/ui/numbers'
import type { CheckStep, CheckStepName, RegistryKind } from '@/lib/adapters/schema'
import { CHECK_STEPS } from '@/lib/adapters/words'
import { CertificateChain } from './certificate-chain'
import { KIND_WORDS } from './kinds'
import css from './ladder.module.css'

const STEP_WORDS: Record<CheckStepName, { name: string; asks: string }> = {
  address: { name: 'Address allowed', asks: 'May the console talk to this address' },
  name: { name: 'Name resolved', asks: 'Is the host known' },
  connection: { name: 'TCP connection', asks: 'Does the server take a connection' },
  tls: { name: 'TLS', asks: 'Is it who it says it is' },
  http: { name: 'HTTP', asks: 'Does it answer' },
  registry: KIND_WORDS.pack,
  credentials: { name: 'Credentials', asks: 'Does it let this user in' },
  catalog: { name: 'Catalog readable', asks: 'Can its packs be listed' },
  pack: { name: 'One pack readable', asks: 'Can a pack be read' },
}

/** A rung of the ladder of one kind: its name, and what it asks before it is climbed. */
const wordsOf = (step: CheckStepName, kind: RegistryKind) =>
  step === 'registry' ? KIND_WORDS[kind] : STEP_WORDS[step]

const STATUS_WORDS: Record<CheckStep['status'], string> = {
  passed: 'Passed',
  warned: 'Passed, with a warning',
  failed: 'Failed',
  not_reached: 'Not reached',
}

const REVEAL_MS = 70

/** How many of the steps are shown: one more at a time, so that the eye can follow; all at once for who wants no motion. */
function useReveal(steps: CheckStep[] | null): number {
  const [reveal, setReveal] = useState<{ of: CheckStep[] | null; shown: number }>({ of: null, shown: 0 })
  const shown = reveal.of === steps ? reveal.shown : 0
  useEffect(() => {
    if (!steps || shown >= steps.length) return
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const timer = setTimeout(
      () => setReveal({ of: steps, shown: still ? steps.length : shown + 1 }),
      still ? 0 : REVEAL_MS,
    )
    return () => clearTimeout(timer)
  }, [steps, shown])
  return shown
}

export interface LadderProps {
  /** Null before the first test. */
  steps: CheckStep[] | null
  isRunning: boolean
  kind?: RegistryKind
  /** The endpoint that was tested: what a certificate's names have to fit. */
  endpoint?: string
  /** Where a certificate can be trusted: gets it as PEM. */
  onTrust?: (pem: string) => void
  /** Where the kind can be changed: gets the one that answered instead. */
  onSwitchKind?: (kind: RegistryKind) => void
}

/** The connection test as a ladder: a rung for each step, from the address to a pack. */
export function CheckLadder({
  steps,
  isRunning,
  kind = 'pack',
  endpoint = '',
  onTrust,
  onSwitchKind,
}: LadderProps) {
  const known = isRunning ? null : steps
  const shown = useReveal(known)
  return (
    <ol
      aria-label="Connection test"
      aria-busy={isRunning}
      className={cn(css.ladder, isRunning && css.climbing)}
    >
      {CHECK_STEPS.map((name, index) => {
        const step = index < shown ? known?.find((one) => one.step === name) : undefined
        return step && step.status !== 'not_reached' ? (
          <Rung key={name} step={step} kind={kind}>
            {step.certificates?.length ? (
              <CertificateChain
                certificates={step.certificates}
                endpoint={endpoint}
                isFailed={step.status === 'failed'}
                onTrust={onTrust}
              />
            ) : null}
            {step.otherKind && onSwitchKind ? (
              <SwitchKind kind={step.otherKind} onSwitch={onSwitchKind} />
            ) : null}
          </Rung>
        ) : (
          <li
            key={name}
            className={cn(css.step, 'py-2')}
            style={{ '--at': index } as CSSProperties}
            aria-label={`${wordsOf(name, kind).name}: ${step ? STATUS_WORDS.not_reached : 'not tested yet'}`}
          >
            <span aria-hidden className={css.rung}>
              <span className={css.mark}>
                <span className={css.dot} />
              </span>
            </span>
            <div className="flex min-h-6 items-center justify-between gap-3 text-ink-faint">
              <span>{wordsOf(name, kind).name}</span>
              <span className={cn('text-xs', !step && 'hidden sm:inline')}>
                {step ? STATUS_WORDS.not_reached : wordsOf(name, kind).asks}
              </span>
            </div>
          </li>
        )
      })}
    </ol>
  )
}

const SwitchKind = ({ kind, onSwitch }: { kind: RegistryKind; onSwitch: (kind: RegistryKind) => void }) => (
  <Button size="small" className="mt-2" onClick={() => onSwitch(kind)}>
    Switch kind to {KIND_WORDS[kind].name}
  </Button>
)

const MARKS = { passed: Check, warned: TriangleAlert, failed: X }

function Rung({ step, kind, children }: { step: CheckStep; kind: RegistryKind; children: ReactNode }) {
  const { status, ms, seen, fix } = step
  if (status === 'not_reached') return null
  const Mark = MARKS[status]
  const { name } = wordsOf(step.step, kind)
  return (
    <li
      className={cn(css.step, css.held, css[status], css.arrives, 'py-2')}
      aria-label={`${name}: ${STATUS_WORDS[status]}`}
    >
      <span aria-hidden className={css.rung}>
        <span className={css.mark}>
          <Mark className="size-3" strokeWidth={3} />
        </span>
      </span>
      <div className="flex min-h-6 items-center justify-between gap-3">
        <span className="font-medium">
          {name}
          <span className="sr-only"> {STATUS_WORDS[status]}</span>
        </span>
        <span className="text-ink-faint text-xs tabular-nums">{formatDuration(ms)}</span>
      </div>
      {seen ? (
        <p className={cn('[overflow-wrap:anywhere]', status === 'failed' ? 'text-bad' : 'text-ink-soft')}>
          {seen}
        </p>
      ) : null}
      {fix ? (
        <p className="mt-1 [overflow-wrap:anywhere]">
          <span className="text-ink-faint text-xs">What to do </span>
          {fix}
        </p>
      ) : null}
      {children}
    </li>
  )
}

/** One sentence about a test that has ended. */
export function summaryOf(
  steps: CheckStep[],
  kind: RegistryKind = 'pack',
): { tone: 'good' | 'warn' | 'bad'; text: string } {
  const failed = steps.find((one) => one.status === 'failed')
  if (failed) return { tone: 'bad', text: `Failed at ${wordsOf(failed.step, kind).name}` }
  const warned = steps.filter((one) => one.status === 'warned')
  return warned.length > 0
    ? {
        tone: 'warn',
        text: `Passed, with a warning at ${warned.map((one) => wordsOf(one.step, kind).name).join(', ')}`,
      }
    : { tone: 'good', text: 'Passed' }
}
