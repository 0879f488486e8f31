import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  snippetCompletion,
} from '@codemirror/autocomplete'
import type { EditorView } from '@codemirror/view'

import type { ValueRule } from '@/lib/pack-format/value-schema'
import { SYSTEM_MACROS } from '@/lib/profiles/rules/macros'
import { knowledge } from './context'
import type { Knowledge } from './knowledge'
import { pathAt } from './path-at'

/** Keys and values from the pack's schema and its own values, and everything that may be referred to. */
export async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const known = context.state.facet(knowledge)
  const line = context.state.doc.lineAt(context.pos)
  const before = line.text.slice(0, context.pos - line.from)
  const opening = /\{\{-?[ \t]*([^{}]*)$/.exec(before)
  if (opening) return references(context, known, context.pos - (opening[1] ?? '').length)

  const lineAt = (n: number) => context.state.doc.line(n).text
  const value = /^\s*(?:- +)*(?:"[^"]*"|'[^']*'|[^\s#:'"{}]+):[ \t]+(["']?)([^#]*)$/.exec(before)
  if (value) {
    const { path } = pathAt(lineAt, line.number)
    const from = context.pos - (value[2] ?? '').length
    const options = await valuesAt(path.join('.'), known, value[1] === '')
    return options.length > 0 ? { from, options } : null
  }
  const key = /^\s*(?:- +)*([\w.-]*)$/.exec(before)
  if (!key || (!context.explicit && key[1] === '')) return null
  const { path, hasKey } = pathAt(lineAt, line.number)
  const parent = hasKey ? path.slice(0, -1) : path
  const options = await keysBelow(parent, known)
  return options.length > 0
    ? { from: context.pos - (key[1] ?? '').length, options, validFor: /^[\w.-]*$/ }
    : null
}

const RULE_WORDS = ({ type, required, readonly, listOptions }: ValueRule) =>
  [required && 'required', readonly && 'read-only', listOptions.length > 0 ? 'list' : type]
    .filter(Boolean)
    .join(', ')

async function keysBelow(parent: readonly string[], { rules, outline }: Knowledge): Promise<Completion[]> {
  const prefix = parent.length > 0 ? `${parent.join('.')}.` : ''
  const found = new Map<string, Completion>()
  const add = (path: string, detail: string, info: string, isRule: boolean) => {
    if (!path.startsWith(prefix)) return
    const [key = '', ...rest] = path.slice(prefix.length).split('.')
    if (key === '' || key === '$[]') return
    const held = found.get(key)
    const isEnd = rest.length === 0
    if (held && !(isEnd && isRule)) return
    found.set(key, {
      label: key,
      apply: rest.length > 0 ? `${key}:` : `${key}: `,
      type: 'property',
      ...(isEnd && detail && { detail }),
      ...(isEnd && info && { info }),
      ...(isRule && isEnd && { boost: 10 }),
    })
  }
  for (const rule of rules) add(rule.name, RULE_WORDS(rule), rule.hints.join(' · '), true)
  for (const [path, value] of await outline()) add(path, value, '', false)
  return [...found.values()]
}

async function valuesAt(
  path: string,
  { rules, outline, variables }: Knowledge,
  isBare: boolean,
): Promise<Completion[]> {
  const rule = rules.find((one) => one.name === path)
  const options: Completion[] = (rule?.listOptions ?? []).map((label) => ({ label, type: 'enum', boost: 20 }))
  if (rule?.type === 'boolean')
    options.push(...['true', 'false'].map((label) => ({ label, type: 'keyword', boost: 20 })))
  const own = (await outline()).get(path)
  if (own && isBare) options.push({ label: own, detail: 'the pack’s own', type: 'text', boost: 10 })
  if (isBare)
    for (const { name, displayName } of variables)
      options.push({
        label: `'{{.spectro.var.${name}}}'`,
        detail: displayName || 'variable',
        type: 'variable',
      })
  return options
}

/** Inside of braces: from behind them. Closing braces that stand there already are kept. */
function references(
  { state, pos, explicit }: CompletionContext,
  { variables, packs }: Knowledge,
  from: number,
): CompletionResult | null {
  const typed = state.sliceDoc(from, pos)
  if (!explicit && !/^\.?[\w.-]*$/.test(typed)) return null
  const apply = (text: string) => (view: EditorView, _: Completion, start: number, end: number) => {
    const after = view.state.sliceDoc(end, end + 2)
    const closing = after === '}}' ? '' : after.startsWith('}') ? '}' : '}}'
    view.dispatch({
      changes: { from: start, to: end, insert: text + closing },
      selection: { anchor: start + text.length + 2 },
      userEvent: 'input.complete',
    })
  }
  const options: Completion[] = [
    ...variables.map(({ name, displayName, description }) => ({
      ...{ label: `.spectro.var.${name}`, detail: displayName || 'variable', type: 'variable', boost: 20 },
      ...(description && { info: description }),
      apply: apply(`.spectro.var.${name}`),
    })),
    ...SYSTEM_MACROS.map(({ name, about }) => ({
      ...{ label: `.spectro.system.${name}`, info: about, type: 'constant' },
      apply: apply(`.spectro.system.${name}`),
    })),
    ...packs.map((name) =>
      snippetCompletion(`.spectro.pack.${name}.\${path}`, {
        ...{ label: `.spectro.pack.${name}.`, detail: 'value of a pack', type: 'namespace' },
      }),
    ),
  ]
  return { from, options, validFor: /^\.?[\w.-]*$/ }
}
