import { expect, test } from 'vitest'

import { Name } from './schema'

test('a name is one line that shows, in whatever script', () => {
  for (const name of ['Sample packs', '名前 🎁', 'مرحبا', '👩‍👩‍👧', '<b>', '1'])
    expect(Name.parse(` ${name} `)).toBe(name)
})

test('control characters, turned text and names that show nothing are refused', () => {
  for (const name of [
    'a\nb',
    'a\u001b[31m',
    'a\u202eb',
    'a\u2066b',
    'a\u2028b',
    '\u200b',
    '',
    '  ',
    'x'.repeat(64),
  ])
    expect(Name.safeParse(name).success, JSON.stringify(name)).toBe(false)
})
