import { existsSync, readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

const LINES = [
  ...numbered('A', 1, 10),
  ...numbered('B', 11, 14),
  ...numbered('C', 15, 17),
  ...numbered('F', 31, 36),
]

function numbered(section: string, from: number, to: number) {
  return Array.from({ length: to - from + 1 }, (_, at) => `${section}${from + at}`)
}

/** The rows of docs/security.md: number, requirement, where it is kept, the test that holds it. */
const rows = readFileSync('docs/security.md', 'utf8')
  .split('\n')
  .map((line) => /^\| ([A-Z]\d+) \| (.+) \| (.+) \| `([^`]+)` · (.+) \|$/.exec(line))
  .filter((match) => match !== null)
  .map(([, number = '', , kept = '', file = '', name = '']) => ({ number, kept, file, name }))

test('every line of the table names code that is there and a test of that name', () => {
  expect(rows.length).toBeGreaterThan(25)
  for (const { number, kept, file, name } of rows) {
    for (const [, path = ''] of kept.matchAll(/`([^`]+)`/g))
      expect([number, path, existsSync(path)]).toEqual([number, path, true])
    const text = readFileSync(file, 'utf8')
    expect([number, file, name, text.includes(name)]).toEqual([number, file, name, true])
  }
})

test('each kind of attack that the table is about has its line', () => {
  const held = new Set(rows.map(({ number }) => number))
  // Packs carry no signatures.
  expect(LINES.filter((number) => !held.has(number))).toEqual(['F35'])
})
