'use client'

import { ChevronRight } from 'lucide-react'

import { Badge } from '@/components/ui/badge'
import { count } from '@/components/ui/numbers'
import type { ValueRule } from '@/lib/pack-format/value-schema'

/** What the pack asks of its values, by path. A path leads to its line. */
export function ValueRules({ rules, onGo }: { rules: readonly ValueRule[]; onGo?: (path: string) => void }) {
  if (rules.length === 0) return null
  return (
    <details className="group rounded border">
      <summary className="flex h-9 items-center gap-2 px-3 font-medium">
        <ChevronRight aria-hidden className="size-4 text-ink-faint group-open:rotate-90" />
        {count(rules.length, 'rule')} of the pack for its values
      </summary>
      <ul className="flex max-h-72 flex-col divide-y overflow-y-auto border-t">
        {rules.map((rule) => (
          <li key={rule.name} className="flex flex-col gap-1 px-3 py-2 text-xs">
            <div className="flex flex-wrap items-center gap-2">
              {onGo ? (
                <button
                  type="button"
                  onClick={() => onGo(rule.name)}
                  className="mono text-left text-accent underline-offset-3 [overflow-wrap:anywhere] hover:underline"
                >
                  {rule.name}
                </button>
              ) : (
                <span className="mono [overflow-wrap:anywhere]">{rule.name}</span>
              )}
              {rule.required ? <Badge>Required</Badge> : null}
              {rule.readonly ? <Badge>Read-only</Badge> : null}
            </div>
            {rule.listOptions.length > 0 ? (
              <p className="text-ink-soft">
                One of <span className="mono">{rule.listOptions.join(', ')}</span>
              </p>
            ) : rule.format ? (
              <p className="mono text-ink-soft [overflow-wrap:anywhere]">{rule.format}</p>
            ) : null}
            {rule.hints.length > 0 ? <p className="text-ink-soft">{rule.hints.join(' · ')}</p> : null}
          </li>
        ))}
      </ul>
    </details>
  )
}
