'use client'

import { CircleAlert, CircleCheck, CircleDashed, CircleMinus, TriangleAlert } from 'lucide-react'

import { Panel } from '@/components/ui/panel'
import { Table, Td, Th } from '@/components/ui/table'
import { RelativeTime } from '@/components/ui/time'
import type { Registry } from './queries'
import { TONE_TEXT } from './state'

type Condition = Registry['status']['packyard']['conditions'][number]

/** How a condition looks: by itself neither True nor False is good. */
function lookOf({ type, status, reason }: Condition) {
  if (status === 'Unknown') return { icon: CircleDashed, tone: 'neutral', word: 'Not known' } as const
  const word = status === 'True' ? 'Yes' : 'No'
  if (type === 'Syncing') return { icon: CircleMinus, tone: 'neutral', word } as const
  if (reason === 'SomeVersionsNotReadable') return { icon: TriangleAlert, tone: 'warn', word } as const
  const isGood = (type === 'Ready' || type === 'Fresh') === (status === 'True')
  if (isGood) return { icon: CircleCheck, tone: 'good', word } as const
  return type === 'Ready' || type === 'Stalled'
    ? ({ icon: CircleAlert, tone: 'bad', word } as const)
    : ({ icon: TriangleAlert, tone: 'warn', word } as const)
}

/** How the registry is doing, in parts: why, and since when. */
export function ConditionsPanel({ registry }: { registry: Registry }) {
  const { conditions, settingsRevision } = registry.status.packyard
  return (
    <Panel title="Conditions" flush>
      <Table label="Conditions">
        <thead>
          <tr>
            <Th>Condition</Th>
            <Th>Why</Th>
            <Th className="hidden sm:table-cell">Since</Th>
          </tr>
        </thead>
        <tbody>
          {conditions.map((condition) => {
            const { icon: Icon, tone, word } = lookOf(condition)
            const { type, reason, message, sinceTime, observedRevision } = condition
            return (
              <tr key={type}>
                <Td className="py-2 align-top">
                  <span className="flex items-center gap-2 whitespace-nowrap">
                    <Icon aria-hidden className={`size-4 shrink-0 ${TONE_TEXT[tone]}`} />
                    <span className="font-medium">{type}</span>
                    <span className="text-ink-soft">{word}</span>
                  </span>
                </Td>
                <Td className="py-2 align-top">
                  <p className="[overflow-wrap:anywhere]">{message}</p>
                  <p className="text-ink-faint text-xs">
                    <span className="mono">{reason}</span>
                    {observedRevision > 0 && observedRevision < settingsRevision
                      ? ', with the settings before their last change'
                      : ''}
                  </p>
                  <p className="text-ink-soft text-xs sm:hidden">
                    Since: <RelativeTime time={sinceTime} />
                  </p>
                </Td>
                <Td className="hidden py-2 align-top text-ink-soft sm:table-cell">
                  <RelativeTime time={sinceTime} />
                </Td>
              </tr>
            )
          })}
        </tbody>
      </Table>
    </Panel>
  )
}
