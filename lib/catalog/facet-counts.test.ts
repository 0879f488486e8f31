import { expect, test } from 'vitest'

import { type Cell, countCells, narrowestOf } from './facet-counts'
import { toChoices } from './filter'

const cells: Cell[] = [
  { facets: ['a:', 'c:all', 'l:cni', 'r:one', 's:active'], packs: 3 },
  { facets: ['a:', 'c:aws', 'l:os', 'r:one', 'r:two', 's:active'], packs: 2 },
  { facets: ['a:logging', 'c:aws', 'c:edge', 'l:addon', 'r:two', 's:deprecated'], packs: 5 },
  { facets: ['a:', 'c:all', 'l:addon', 'r:two', 's:disabled'], packs: 7 },
]
const counts = (filter: Parameters<typeof toChoices>[0]) => {
  const counted = countCells(cells, toChoices(filter))
  return {
    total: counted.total,
    ...Object.fromEntries(Object.entries(counted.counts).map(([name, of]) => [name, Object.fromEntries(of)])),
  }
}

test('without a choice each value counts its packs, those that are of no use only among the states', () => {
  expect(counts({})).toMatchObject({
    total: 10,
    layer: { cni: 3, os: 2, addon: 5 },
    registry: { one: 5, two: 7 },
    state: { active: 5, deprecated: 5, disabled: 7 },
  })
})

test('a choice narrows the other counts and leaves its own as they were', () => {
  expect(counts({ registryIds: ['one'] })).toMatchObject({
    total: 5,
    layer: { cni: 3, os: 2 },
    registry: { one: 5, two: 7 },
  })
  expect(counts({ layers: ['addon'], registryIds: ['one'] })).toMatchObject({
    total: 0,
    layer: { cni: 3, os: 2 },
    registry: { two: 5 },
  })
})

test('what names a cloud and all of them is counted with those for all', () => {
  const both = [{ facets: ['c:all', 'c:aws', 's:active'], packs: 1 }]
  expect(countCells(both, toChoices({})).counts.cloud).toEqual(new Map([['all', 1]]))
})

test('the narrowest choice is the one that lets fewest packs through', () => {
  expect(narrowestOf(cells, toChoices({ layers: ['os'], registryIds: ['two'] }))).toEqual({
    values: ['l:os'],
    packs: 2,
  })
  expect(narrowestOf(cells, { ...toChoices({}), state: null })).toBeNull()
})
