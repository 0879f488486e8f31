import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { closeDatabase } from '../../lib/db/in-tenant'
import { GROUPS, nameOf, SCENARIOS, someOf } from '../fault-registry/cases'
import type { Scenario } from '../fault-registry/cases/case'
import { FAULT_KINDS } from '../fault-registry/catalog'
import { type FaultRegistry, startFaultRegistry } from '../fault-registry/registry'
import { type Burden, burdenOf, isMeasurable } from './burden'
import { type Around, knownOf, play } from './climb'
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

/** What takes much work or memory where it is read without care. */
const HEAVY = SCENARIOS.filter((one) =>
  [
    ...['1 a body without an end, at helm:catalog', '4 4 MB of headers, at pack:catalog'],
    ...['13 a gzip bomb, at helm:catalog', '41 brackets, 100,000 deep, at helm:catalog'],
    ...[
      '57 100,001 versions of one pack, at oci:versions',
      '58 a YAML alias bomb in what is read, at helm:content',
    ],
    ...['59 values of 20 MB, at oci:content', '60 a million entries, at oci:content'],
    ...[
      '60 an archive packed 1:1000, at helm:content',
      '63 a README with scripts, trackers and bait, at pack:content',
    ],
  ].includes(nameOf(one)),
)
const MIB = 1024 * 1024
/** Milliseconds, and bytes. A page of a list is parsed at once, and may have 4 MiB: that alone takes longer. */
const boundsOf = ({ number }: Scenario) =>
  number === 57 ? { stallMs: 300, rssRise: 128 * MIB } : { stallMs: 100, rssRise: 64 * MIB }

describe.skipIf(!isMeasurable)('the event loop and memory', () => {
  test.each(HEAVY.map((one) => [nameOf(one), one] as const))(
    'are not burdened by %s',
    async (_title, scenario) => {
      let burden: Burden | undefined
      const around: Around = async (work) => {
        let result: Awaited<ReturnType<typeof work>> | undefined
        burden = await burdenOf(async () => {
          result = await work()
        })
        return result as Awaited<ReturnType<typeof work>>
      }
      await play(scenario, { evil, around })
      if (process.env.PACKYARD_HOSTILE === 'all') console.info(nameOf(scenario), burden)
      const { stallMs, rssRise } = boundsOf(scenario)
      expect(burden?.stallMs).toBeLessThanOrEqual(stallMs)
      expect(burden?.rssRise).toBeLessThanOrEqual(rssRise)
    },
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
