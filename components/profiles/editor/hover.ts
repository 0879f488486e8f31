import { hoverTooltip, type Tooltip } from '@codemirror/view'

import { SYSTEM_MACROS } from '@/lib/profiles/rules/macros'
import { findReferences } from '@/lib/profiles/rules/references'
import { MASK } from '@/lib/profiles/variable'
import { knowledge } from './context'
import type { Knowledge } from './knowledge'
import { pathAt } from './path-at'

/** What the pack says of a key, and what a reference stands for. */
export const tips = hoverTooltip(async (view, pos): Promise<Tooltip | null> => {
  const known = view.state.facet(knowledge)
  const line = view.state.doc.lineAt(pos)
  const reference = findReferences(line.text).find(
    (one) => line.from + one.from <= pos && pos <= line.from + one.to,
  )
  if (reference)
    return tip(line.from + reference.from, line.from + reference.to, [
      ...[`spectro.${reference.kind}.${reference.name}`, meaningOf(reference, known)],
    ])
  const { path, hasKey } = pathAt((n) => view.state.doc.line(n).text, line.number)
  if (!hasKey) return null
  const name = path.join('.')
  const rule = known.rules.find((one) => one.name === name)
  const own = (await known.outline()).get(name)
  if (!rule && own === undefined) return null
  const start = line.from + line.text.search(/\S/)
  return tip(start, line.to, [
    name,
    ...(rule
      ? [
          [rule.required && 'Required.', rule.readonly && 'Read-only.'].filter(Boolean).join(' '),
          rule.listOptions.length > 0
            ? `One of ${rule.listOptions.join(', ')}.`
            : rule.format && `Format: ${rule.format}`,
          ...rule.hints,
        ]
      : []),
    own ? `The pack’s own: ${own}` : '',
  ])
})

function meaningOf({ kind, name }: { kind: string; name: string }, { variables }: Knowledge): string {
  if (kind === 'system')
    return SYSTEM_MACROS.find((one) => one.name === name)?.about ?? 'There is no such macro.'
  if (kind === 'macro') return 'A macro of the project or tenant.'
  if (kind === 'pack') return 'A value of another pack.'
  const variable = variables.find((one) => one.name === name)
  if (!variable) return 'This variable is not defined.'
  const standard = variable.isSensitive && variable.defaultValue ? MASK : variable.defaultValue
  return [variable.displayName, variable.description, standard && `Default: ${standard}`]
    .filter(Boolean)
    .join(' · ')
}

function tip(from: number, to: number, lines: readonly (string | false)[]): Tooltip {
  return {
    ...{ pos: from, end: to, above: true },
    create() {
      const dom = document.createElement('div')
      dom.className = 'cm-tip'
      for (const [index, text] of lines.entries()) {
        if (!text) continue
        const part = document.createElement('div')
        if (index === 0) part.className = 'cm-tip-path'
        part.textContent = text
        dom.append(part)
      }
      return { dom }
    },
  }
}
