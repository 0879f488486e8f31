import { expect, test } from 'vitest'

import { toChoices, toCondition } from './filter'

test('what a client sent is always a parameter, never SQL', () => {
  const evil = `'; DROP TABLE registry; --`
  const text = { eq: evil, ne: evil, contains: evil, beginsWith: evil, ignoreCase: true }
  const { sql, values } = toCondition({ name: text, displayName: text }, 3)
  expect(sql).not.toContain('DROP')
  expect(values).toHaveLength(8)
  expect(sql).toMatch(/\$3\b.*\$10\b/s)
})

test('wildcards in a name are letters', () => {
  expect(toCondition({ name: { contains: '100%_\\', ignoreCase: true } }, 1).values).toEqual([
    '%100\\%\\_\\\\%',
  ])
})

test('a choice of a cloud takes the packs for all clouds too, and "all" is no choice', () => {
  expect(toChoices({ cloudTypes: ['aws'] }).cloud).toEqual(['c:aws', 'c:all'])
  expect(toChoices({ cloudTypes: ['aws', 'all'] }).cloud).toBeNull()
})

test('disabled and deleted packs are left out unless asked for', () => {
  expect(toChoices({}).state).toEqual(['s:active', 's:deprecated'])
  expect(toChoices({ states: ['disabled'] }).state).toEqual(['s:disabled'])
})
