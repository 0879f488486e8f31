import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { closeDatabase } from '../../lib/db/in-tenant'
import { GROUPS, nameOf, SCENARIOS, someOf } from '../fault-registry/cases'
import { FAULT_KINDS } from '../fault-registry/catalog'
import { type FaultRegistry, startFaultRegistry } from '../fault-registry/registry'
import { knownOf, play } from './climb'
import { openConsole, READER } from './console'
import { dumpCatalog } from './dump'

/** At how many of the places that a case can strike it is played; all of them with PACKYARD_HOSTILE=all. */
const PLACES = process.env.PACKYARD_HOSTILE === 'all' ? Number.POSITIVE_INFINITY : 1

let evil: FaultRegistry
beforeAll(async () => {
  evil = await startFaultRegistry({ kind: 'pack', catalog: [] })
})
afterAll(async () => {
  await evil.close()
  await closeDatabase()
})

test.each(FAULT_KINDS)('a healthy %s registry syncs as any other does', async (kind) => {
  const { dumps, before } = await knownOf(kind)
  expect(dumps.before.filter((line) => line.startsWith('version'))).toHaveLength(before.length)
  expect(dumps.after).not.toEqual(dumps.before)
})

test('every one of the 64 cases is played', () => {
  const played = new Set(SCENARIOS.map((one) => one.number))
  const all = Array.from({ length: 64 }, (_, i) => i + 1)
  // 38 is about addresses that people enter: below.
  expect(all.filter((one) => !played.has(one))).toEqual([38])
})

describe.concurrent.each(Object.entries(GROUPS))('%s', (_group, scenarios) => {
  test.each(someOf(scenarios, PLACES).map((one) => [nameOf(one), one] as const))(
    '%s',
    (_title, scenario) => play(scenario, { evil }),
    60_000,
  )
})

describe('38 hosts', () => {
  test('a registry at an IPv6 address syncs as at any other', async () => {
    const { before, dumps } = await knownOf('helm')
    const registry = await startFaultRegistry({ kind: 'helm', catalog: before, host: '::1', user: READER })
    try {
      const console = await openConsole('helm', `http://[0:0:0:0:0:0:0:1]:${registry.port}`)
      expect((await console.row()).endpoint).toBe(`http://[::1]:${registry.port}`)
      expect(await console.sync()).toMatchObject({ outcome: 'completed', failed: 0 })
      expect(await dumpCatalog(console.tenantId, console.id)).toEqual(dumps.before)
    } finally {
      await registry.close()
    }
  })

  test('a name in another script is kept as the resolver has it, so that none looks like another', async () => {
    // The first letter is Cyrillic.
    const lookalike = await openConsole('pack', 'https://\u0430pple.example/packs')
    expect((await lookalike.row()).endpoint).toBe('https://xn--pple-43d.example/packs')
    const real = await openConsole('pack', 'https://b\u00fccher.example')
    expect((await real.row()).endpoint).toBe('https://xn--bcher-kva.example')
  })
})
