import { expect, test } from 'vitest'

import { toCondition } from './filter'

test('what a client sent is always a parameter, never SQL', () => {
  const evil = `'; DROP TABLE registry; --`
  const { sql, values } = toCondition('t', {
    text: evil,
    name: { eq: evil, contains: evil, ignoreCase: true },
    addonTypes: [evil],
    cloudTypes: [evil],
    registryIds: [evil],
  })
  expect(sql).not.toContain('DROP')
  expect(JSON.stringify(values)).toContain('DROP')
})

test('wildcards in a search are letters', () => {
  expect(toCondition('t', { text: '100%_\\' }).values).toContain('%100\\%\\_\\\\%')
})

test('a storm of words is cut to eight', () => {
  expect(toCondition('t', { text: 'a '.repeat(1000) }).values.length).toBeLessThan(12)
})

test("a facet's own choice does not narrow its counts", () => {
  const filter = { layers: ['cni' as const], registryIds: ['r'] }
  expect(toCondition('t', filter, 'layer').values).not.toContainEqual(['cni'])
  expect(toCondition('t', filter, 'registry').values).toContainEqual(['cni'])
})

test('disabled and deleted packs are left out unless asked for', () => {
  expect(toCondition('t', {}).values).toContainEqual(['active', 'deprecated'])
  expect(toCondition('t', { states: ['disabled'] }).values).toContainEqual(['disabled'])
})
