import { type ClassValue, clsx } from 'clsx'

/** What utilities set, by their beginning; the first that fits counts. All others set what their whole name says. */
const SETS: [begins: RegExp, sets: string][] = [
  [/^text-(?:xs|sm|lg|xl)$/, 'font-size'],
  [/^text-(?:left|center|right)$/, 'text-align'],
  [/^text-/, 'color'],
  [/^font-(?:normal|medium|semibold|bold)$/, 'font-weight'],
  [/^border(?:-[xytrbl])?(?:-\d+)?$/, ''],
  [/^border-[trbl]-/, ''],
  [/^border-/, 'border-color'],
  [/^(?:block|inline|inline-block|flex|inline-flex|grid|inline-grid|contents|hidden)$/, 'display'],
  [/^(?:static|relative|absolute|fixed|sticky)$/, 'position'],
  [/^rounded(?:$|-(?:sm|lg|full|none)$)/, 'border-radius'],
]
const PREFIXES =
  /^(?:bg|h|w|size|min-w|max-w|min-h|max-h|p|px|py|pt|pr|pb|pl|m|mx|my|mt|mr|mb|ml|gap|gap-x|gap-y|justify|items|self|overflow|overflow-x|overflow-y|whitespace|leading|opacity|z|top|right|bottom|left|inset|cursor|line-clamp)(?=-)/
/** What stands before the utility: `hover:`, `[&_svg]:`. A colon inside brackets ends none. */
const VARIANT = /^(?:(?:[^:[\]]|\[[^\]]*\])*:)*/
/** What a utility of one kind also sets. */
const WITH: Record<string, string[]> = {
  size: ['h', 'w'],
  p: ['px', 'py', 'pt', 'pr', 'pb', 'pl'],
  px: ['pl', 'pr'],
  py: ['pt', 'pb'],
}

function whatSets(utility: string): string {
  for (const [begins, sets] of SETS) if (begins.test(utility)) return sets || utility
  return PREFIXES.exec(utility)?.[0] ?? utility
}

/**
 * Class names, where a later one wins over an earlier one that sets the same. Of Tailwind's utilities it knows those that
 * this console lets callers override: a merge that knows all of them is larger than everything else of a button.
 */
export function cn(...parts: ClassValue[]): string {
  const kept: string[] = []
  const set = new Set<string>()
  for (const name of clsx(parts).split(/\s+/).reverse()) {
    if (!name) continue
    const variant = VARIANT.exec(name)?.[0] ?? ''
    const sets = whatSets(name.slice(variant.length).replace(/^[-!]/, ''))
    if (set.has(variant + sets)) continue
    for (const one of [sets, ...(WITH[sets] ?? [])]) set.add(variant + one)
    kept.push(name)
  }
  return kept.reverse().join(' ')
}
