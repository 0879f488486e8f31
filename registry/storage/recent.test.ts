import { expect, test } from 'vitest'

import { RecentChanges } from './recent'

test('what changed since a revision is told with each name once, and nothing since the last', () => {
  const recent = new RecentChanges('r0')
  for (const [at, name] of ['a', 'b', 'a', 'c'].entries()) recent.note(name, `r${at + 1}`)
  expect(recent.since('r0')).toEqual(['a', 'b', 'c'])
  expect(recent.since('r2')).toEqual(['a', 'c'])
  expect(recent.since('r4')).toEqual([])
  expect(recent.since('of another history')).toBeNull()
})

test('a revision is known with all that came after it, or not at all', () => {
  const recent = new RecentChanges('r0', 10)
  const names: string[] = []
  for (let i = 1; i <= 95; i++) {
    names.push(`pack-${i}`)
    recent.note(`pack-${i}`, `r${i}`)
    let known = 0
    for (let at = 0; at <= i; at++) {
      const since = recent.since(`r${at}`)
      if (since === null) continue
      known++
      expect(since).toEqual(names.slice(at))
    }
    expect(known).toBeGreaterThan(Math.min(10, i))
    expect(known).toBeLessThanOrEqual(20)
  }
})
