'use client'

import { CircleAlert, CircleCheck, CircleDashed, TriangleAlert } from 'lucide-react'

import { LAYER_LOOKS } from '@/components/packs/layers'
import type { Finding } from '@/lib/profiles/rules'
import { type Draft, emptyPlaces, type Place } from './draft'

const MARKS = {
  error: { icon: CircleAlert, look: 'text-bad', word: 'Problem' },
  warning: { icon: TriangleAlert, look: 'text-warn', word: 'Note' },
} as const

/** A place that is empty yet is nothing that went wrong. */
const TO_DO = { icon: CircleDashed, look: 'text-ink-soft', word: 'To do' } as const
const isToDo = (finding: Finding) => finding.code === 'CoreLayerMissing' || finding.code === 'NoLayers'

/** The mark of a slab: the worst of what was found on its layer. */
export function FindingMark({ findings }: { findings: readonly Finding[] }) {
  const worst = findings.find((one) => one.level === 'error') ?? findings[0]
  if (!worst) return null
  const { icon: Icon, look, word } = MARKS[worst.level]
  return (
    <span title={findings.map((one) => one.message).join('\n')} className={look}>
      <Icon aria-hidden className="size-4" />
      <span className="sr-only">
        {word}: {worst.message}
      </span>
    </span>
  )
}

/** Where a finding is mended. */
export function placeOf(finding: Finding, draft: Draft): Place | null {
  if (draft.layers.some((one) => one.name === finding.pack)) return `layer:${finding.pack}`
  if (finding.code === 'NoLayers') return 'add'
  if (finding.code !== 'CoreLayerMissing') return null
  const layer = emptyPlaces(draft).find(
    (one) =>
      finding.message.includes(LAYER_LOOKS[one].name.toLowerCase()) ||
      finding.message.includes(LAYER_LOOKS[one].name),
  )
  return layer ? `place:${layer}` : null
}

/** What is wrong, each with the way to where it is mended. */
export function Findings({
  findings,
  draft,
  onGo,
}: {
  findings: readonly Finding[]
  draft: Draft
  onGo: (place: Place) => void
}) {
  if (findings.length === 0)
    return (
      <p className="flex items-start gap-2 text-ink-soft">
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
        Nothing stands in the way of publishing.
      </p>
    )
  return (
    <ul aria-label="What was found" className="flex flex-col gap-2">
      {findings.map((finding) => {
        const { icon: Icon, look, word } = isToDo(finding) ? TO_DO : MARKS[finding.level]
        const place = placeOf(finding, draft)
        return (
          <li key={`${finding.code} ${finding.pack} ${finding.message}`} className="flex items-start gap-2">
            <Icon aria-label={word} className={`mt-0.5 size-4 shrink-0 ${look}`} />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {place && isToDo(finding) ? (
                <button
                  type="button"
                  onClick={() => onGo(place)}
                  className="text-left underline-offset-3 hover:underline"
                >
                  {finding.message}
                </button>
              ) : place && finding.pack ? (
                <>
                  <button
                    type="button"
                    onClick={() => onGo(place)}
                    className="mono mr-1.5 text-accent underline underline-offset-3"
                  >
                    {finding.pack}
                  </button>
                  {finding.message}
                </>
              ) : (
                finding.message
              )}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
