'use client'

import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle, TriangleAlert, Wrench } from 'lucide-react'

import { Button } from '@/components/ui/button'
import { count } from '@/components/ui/numbers'
import { type Finding, type Fix, sentenceOf } from '@/lib/profiles/rules/finding'
import type { Draft, Place } from './draft'
import { groupFindings, isSafe, isToDo, placeOf, type Spot, spotOf } from './finding-places'

const MARKS = {
  error: { icon: CircleAlert, look: 'text-bad', word: 'Problem' },
  warning: { icon: TriangleAlert, look: 'text-warn', word: 'Note' },
} as const
const TO_DO = { icon: CircleDashed, look: 'text-ink-soft', word: 'To do' } as const

/** The mark of a slab: the worst of what was found on its layer. */
export function FindingMark({ findings }: { findings: readonly Finding[] }) {
  const worst = findings.find((one) => one.level === 'error') ?? findings[0]
  if (!worst) return null
  const { icon: Icon, look, word } = MARKS[worst.level]
  return (
    <span title={findings.map(sentenceOf).join('\n')} className={look}>
      <Icon aria-hidden className="size-4" />
      <span className="sr-only">
        {word}: {sentenceOf(worst)}
      </span>
    </span>
  )
}

/** What is wrong, by where it is: each with the way there, and with what mends it at once. */
export function Findings({
  findings,
  isChecked,
  draft,
  onGo,
  onFix,
}: {
  findings: readonly Finding[]
  /** Until then nothing is said of what was not looked at. */
  isChecked: boolean
  draft: Draft
  onGo: (place: Place, spot?: Spot) => void
  /** Without it the profile is for reading. */
  onFix?: (fixes: readonly Fix[]) => void
}) {
  if (findings.length === 0 && !isChecked)
    return (
      <p role="status" className="flex items-start gap-2 text-ink-soft">
        <LoaderCircle aria-hidden className="mt-0.5 size-4 shrink-0 animate-spin" />
        Checking the profile
      </p>
    )
  if (findings.length === 0)
    return (
      <p className="flex items-start gap-2 text-ink-soft">
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
        Nothing stands in the way of publishing.
      </p>
    )
  const fixes = onFix ? findings.flatMap(({ fix }) => (fix && isSafe(fix) ? fix : [])) : []
  return (
    <div className="flex flex-col gap-4">
      {onFix && fixes.length > 1 ? (
        <Button
          size="small"
          className="self-start"
          icon={<Wrench aria-hidden />}
          onClick={() => onFix(fixes)}
        >
          Apply {count(fixes.length, 'fix', 'fixes')}
        </Button>
      ) : null}
      {groupFindings(findings, draft).map((group) => (
        <div key={group.name} className="flex flex-col gap-2">
          <p aria-hidden className="font-medium text-xs">
            {group.name}
          </p>
          <ul aria-label={`Found in ${group.name}`} className="flex flex-col gap-3">
            {group.findings.map((finding) => (
              <Item key={finding.id} {...{ finding, draft, onGo, onFix }} />
            ))}
          </ul>
        </div>
      ))}
    </div>
  )
}

function Item({
  finding,
  draft,
  onGo,
  onFix,
}: {
  finding: Finding
  draft: Draft
  onGo: (place: Place, spot?: Spot) => void
  onFix?: ((fixes: readonly Fix[]) => void) | undefined
}) {
  const { icon: Icon, look, word } = isToDo(finding) ? TO_DO : MARKS[finding.level]
  const place = placeOf(finding, draft)
  const { fix, why } = finding
  return (
    <li className="flex items-start gap-2">
      <Icon aria-label={word} className={`mt-0.5 size-4 shrink-0 ${look}`} />
      <div className="flex min-w-0 flex-col items-start gap-1 [overflow-wrap:anywhere]">
        {place ? (
          <button
            type="button"
            title={why}
            onClick={() => onGo(place, spotOf(finding))}
            className="text-left underline-offset-3 hover:underline"
          >
            {sentenceOf(finding)}
          </button>
        ) : (
          <span title={why}>{sentenceOf(finding)}</span>
        )}
        {why && !isToDo(finding) ? <span className="text-ink-soft text-xs">{why}</span> : null}
        {fix && onFix ? (
          <Button size="small" icon={<Wrench aria-hidden />} onClick={() => onFix([fix])}>
            {fix.label}
          </Button>
        ) : null}
      </div>
    </li>
  )
}
