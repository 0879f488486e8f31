import { type Choices, FACET_NAMES, FACETS, type FacetName } from './filter'

const ALL_CLOUDS = `${FACETS.cloud}:all`

/** So many packs have just these facets. */
export interface Cell {
  facets: string[]
  packs: number
}

/** By facet and value: how many packs. */
export type FacetCounts = Record<FacetName, Map<string, number>>

const isChosen = (has: ReadonlySet<string>, choice: string[] | null) =>
  choice === null || choice.some((value) => has.has(value))

/**
 * How many packs each further choice would show: each facet's counts leave out the choice made in it. Reads as many
 * cells as there are different sets of facets, however many packs there are.
 */
export function countCells(cells: Iterable<Cell>, choices: Choices): { total: number; counts: FacetCounts } {
  const counts = Object.fromEntries(FACET_NAMES.map((name) => [name, new Map()])) as FacetCounts
  let total = 0
  for (const { facets, packs } of cells) {
    const has = new Set(facets)
    const missed = FACET_NAMES.filter((name) => !isChosen(has, choices[name]))
    if (missed.length === 0) total += packs
    if (missed.length > 1) continue
    for (const name of missed.length === 1 ? missed : FACET_NAMES) {
      const prefix = `${FACETS[name]}:`
      for (const facet of facets) {
        if (!facet.startsWith(prefix)) continue
        // What is for all clouds is shown for each: counted once.
        if (name === 'cloud' && facet !== ALL_CLOUDS && has.has(ALL_CLOUDS)) continue
        const value = facet.slice(prefix.length)
        counts[name].set(value, (counts[name].get(value) ?? 0) + packs)
      }
    }
  }
  return { total, counts }
}

/** The choice that lets fewest packs through, by itself. Null: nothing is chosen. */
export function narrowestOf(
  cells: readonly Cell[],
  choices: Choices,
): { values: string[]; packs: number } | null {
  let narrowest: { values: string[]; packs: number } | null = null
  for (const name of FACET_NAMES) {
    const values = choices[name]
    if (!values) continue
    const wanted = new Set(values)
    let packs = 0
    for (const cell of cells) if (cell.facets.some((facet) => wanted.has(facet))) packs += cell.packs
    if (!narrowest || packs < narrowest.packs) narrowest = { values, packs }
  }
  return narrowest
}
