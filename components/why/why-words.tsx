import type { Tone } from '@/components/ui/callout'
import { RelativeTime } from '@/components/ui/time'
import type { Answer } from '@/lib/client/call'

type WhyAnswer = Answer<'explainVersion'>

export function toTone({ state, isHere }: Pick<WhyAnswer, 'state' | 'isHere'>): Tone {
  if (state === 'here') return 'good'
  return state === 'failing' || (isHere && state === 'held') ? 'warn' : 'info'
}

/** Why something is in the catalog of a registry or is not, since when, and what keeps the registry from being read. */
export function WhyWords({ answer }: { answer: WhyAnswer }) {
  const { message, state, sinceTime, trouble, troubleSinceTime } = answer
  return (
    <>
      <span className="[overflow-wrap:anywhere]">{message}</span>
      {sinceTime ? (
        <>
          {' '}
          {state === 'unlisted' ? 'Last read' : 'Since'}: <RelativeTime time={sinceTime} />.
        </>
      ) : null}
      {trouble ? (
        <span className="mt-1 block [overflow-wrap:anywhere]">
          {trouble}
          {troubleSinceTime ? (
            <>
              {' '}
              Since: <RelativeTime time={troubleSinceTime} />.
            </>
          ) : null}
        </span>
      ) : null}
    </>
  )
}
