import { expect, test } from 'vitest'

import { PackFilter } from '@/lib/registries/schema'
import { filterWords } from './filter-words'

test('a filter is told in a line, and a long list of names in part', () => {
  expect(filterWords(PackFilter.parse({}))).toBe('')
  const filter = { include: ['a*', 'b'], exclude: ['ab'], versions: '>=1', newest: 1, layers: ['cni'] }
  expect(filterWords(PackFilter.parse({ ...filter, addonTypes: ['logging'] }))).toBe(
    'names a*, b; not ab; versions >=1; the 1 newest of each; Network; types logging',
  )
  const many = Array.from({ length: 10 }, (_, index) => `p${index}`)
  expect(filterWords(PackFilter.parse({ include: many }))).toMatch(/p7, 2 more$/)
})
