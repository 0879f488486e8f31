import { redirects, statuses } from './answers'
import type { Scenario } from './case'
import { content } from './content'
import { data } from './data'
import { encryption } from './tls'
import { transport } from './transport'

/** Every way in which a registry is hostile here, by what it is about. */
export const GROUPS: Record<string, readonly Scenario[]> = {
  HTTP: transport,
  redirects,
  statuses,
  encryption,
  data,
  content,
}

export const SCENARIOS: readonly Scenario[] = Object.values(GROUPS).flat()

export const nameOf = ({ number, title, kind, endpoint }: Scenario): string =>
  `${number} ${title}, at ${kind}:${endpoint}`

/** Each form of each case at so many places, in turn: together they come to all places. */
export function someOf(scenarios: readonly Scenario[], each: number): Scenario[] {
  const forms = new Map<string, Scenario[]>()
  for (const one of scenarios) {
    const key = `${one.number} ${one.title}`
    forms.set(key, [...(forms.get(key) ?? []), one])
  }
  return [...forms.values()].flatMap((places, form) =>
    places.length <= each
      ? places
      : Array.from({ length: each }, (_, i) => {
          const at = (form + Math.floor((i * places.length) / each)) % places.length
          return places[at] as Scenario
        }),
  )
}
