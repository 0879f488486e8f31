import type { CheckStep, RegistryKind } from '@/lib/adapters/schema'
import { summaryOf } from './check-ladder'

const VERDICT_TEXT = { good: 'text-good', warn: 'text-warn', bad: 'text-bad' }

interface VerdictProps {
  isRunning: boolean
  steps: CheckStep[] | null
  kind?: RegistryKind
}

/** What a connection test came to, in a line. */
export function Verdict({ isRunning, steps, kind }: VerdictProps) {
  const summary = steps && summaryOf(steps, kind)
  return (
    <p role="status" className="text-right text-xs">
      {isRunning ? (
        <span className="text-accent">Testing…</span>
      ) : summary ? (
        <span className={VERDICT_TEXT[summary.tone]}>{summary.text}</span>
      ) : (
        <span className="text-ink-faint">Not tested yet</span>
      )}
    </p>
  )
}
