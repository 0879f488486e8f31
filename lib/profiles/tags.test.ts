import { expect, test } from 'vitest'

import { toLabels, toTags } from './tags'

test('a tag without a value is kept as the word that the original uses', () => {
  expect(toLabels(['production', 'team: web', ' ', 'url:http://x'])).toEqual({
    production: 'spectro__tag',
    team: 'web',
    url: 'http://x',
  })
})

test('labels come back as the tags that were written', () => {
  expect(toTags(toLabels(['production', 'team:web']))).toEqual(['production', 'team:web'])
})
