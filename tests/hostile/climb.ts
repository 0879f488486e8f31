import type { LookupAddress } from 'node:dns'
import { existsSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

import { expect } from 'vitest'

import { allowPrivate } from '../../lib/outbound/policy'

import type { Ending, Scenario } from '../fault-registry/cases/case'
import { trustedServer, weakAuthority } from '../fault-registry/cases/tls'
import { type Catalog, catalogsOf, type FaultKind, VICTIM } from '../fault-registry/catalog'
import { seeded } from '../fault-registry/random'
import { type FaultRegistry, startFaultRegistry } from '../fault-registry/registry'
import { CANARY, openConsole, READER, type Reach, SHORT } from './console'
import { dumpCatalog, only, type Version, without } from './dump'

export const SEED = Number(process.env.PACKYARD_FAULT_SEED ?? 20261125)
/** A run may take so long, by the short deadlines and the few times that something is asked again. */
const RUN_MS = 30_000
/** More than any sound catalog here has. */
const MAX_VERSIONS = 1_000
/** However long a registry asks to wait. Without such a wish it is an hour, and a tenth. */
const RETRY_AFTER_MAX_MS = 6 * 3_600_000

interface Known {
  before: Catalog
  after: Catalog
  /** What the database has after clean syncs of the first, and of both. */
  dumps: { before: string[]; after: string[] }
}
const known = new Map<FaultKind, Promise<Known>>()

/** Both catalogs of a kind, and what clean syncs make of them. */
export function knownOf(kind: FaultKind): Promise<Known> {
  const held = known.get(kind)
  if (held) return held
  const made = (async () => {
    const { before, after } = await catalogsOf(kind, SEED)
    const registry = await startFaultRegistry({ kind, catalog: before, user: READER })
    try {
      const console = await openConsole(kind, registry.url)
      expect(await console.sync()).toMatchObject({ outcome: 'completed', failed: 0, added: before.length })
      const first = await dumpCatalog(console.tenantId, console.id)
      registry.catalog = after
      expect(await console.sync()).toMatchObject({
        outcome: 'completed',
        failed: 0,
        added: 2,
        changed: 1,
        removed: 1,
      })
      return {
        before,
        after,
        dumps: { before: first, after: await dumpCatalog(console.tenantId, console.id) },
      }
    } finally {
      await registry.close()
    }
  })()
  known.set(kind, made)
  return made
}

/** Does the hostile run, and may measure it. */
export type Around = <T>(work: () => Promise<T>) => Promise<T>

/** An address of this machine that counts as one outside. */
const OUTSIDE = '127.0.0.2'
const isPublic = (address: string) => address === OUTSIDE || allowPrivate.isPublic(address)

/** As the operator of a console sets it up that has registries outside, or none of its own. */
function reachOf({ isPublic: isOutside, host }: Scenario, isStruck: () => boolean): Reach {
  if (!isOutside) return {}
  if (!host) return { policy: { allows: allowPrivate.allows, isPublic } }
  const lookup = ((_name: string, _options: object, done: (error: null, list: LookupAddress[]) => void) =>
    done(null, [{ address: isStruck() ? '127.0.0.1' : OUTSIDE, family: 4 }])) as Reach['lookup']
  return { policy: { allows: isPublic, isPublic }, lookup }
}

/**
 * Plays one scenario: a clean sync, then the hostile one while another registry of the tenant syncs, then a clean one;
 * and holds what the database has against the invariants.
 */
export async function play(
  scenario: Scenario,
  { evil, around = (work) => work() }: { evil: FaultRegistry; around?: Around },
): Promise<void> {
  const { kind, endpoint } = scenario
  const { before, after, dumps } = await knownOf(kind)
  const other = await knownOf('pack')
  const host = scenario.isPublic ? OUTSIDE : '127.0.0.1'
  const secure = scenario.isSecure ? await trustedServer() : undefined
  const registry = await startFaultRegistry({
    kind,
    catalog: before,
    host,
    user: READER,
    ...(secure && { secure }),
  })
  const neighbour = await startFaultRegistry({ kind: 'pack', catalog: other.before, user: READER })
  const reach = reachOf(scenario, () => registry.fault !== null)
  try {
    const url = scenario.host ? registry.url.replace(host, scenario.host) : registry.url
    const trust = secure ? `${secure.ca}\n${(await weakAuthority()).cert}` : ''
    const console = await openConsole(kind, url, trust)
    const neighbourId = await console.add('pack', neighbour.url)
    expect(await console.sync(reach)).toMatchObject({ outcome: 'completed', failed: 0 })
    expect(await dumpCatalog(console.tenantId, console.id)).toEqual(dumps.before)
    const revision = (await console.row()).revision

    // ---- hostile
    registry.catalog = after
    registry.cut()
    const random = seeded(SEED + scenario.number)
    const world = { kind, endpoint, before, after, random, url: registry.url, evil: evil.url }
    registry.fault = await scenario.fault(world)
    const began = performance.now()
    const [run, beside] = await around(() =>
      Promise.all([
        console.sync({ ...reach, limits: SHORT, maxVersions: MAX_VERSIONS }),
        console.sync({}, neighbourId),
      ]),
    )
    // I2
    expect(performance.now() - began).toBeLessThan(RUN_MS)
    // I5
    expect(beside, beside.message).toMatchObject({ outcome: 'completed', failed: 0 })
    expect(await dumpCatalog(console.tenantId, neighbourId)).toEqual(other.dumps.before)

    // ---- what it left
    const dump = await dumpCatalog(console.tenantId, console.id)
    const row = await console.row()
    const failures = await console.failures()
    const told = `${row.lastMessage} ${run.message} ${failures.map((one) => one.reason).join(' ')}`
    const wanted = [scenario.ending].flat() as Ending[]
    const ending = endingOf(run.outcome, { dump, dumps, failures, isHeld: row.holding })
    expect(wanted, `It ended as ${ending}: ${run.outcome}, ${told}`).toContain(ending)
    if (scenario.says) expect(told).toMatch(scenario.says)

    // I3: what happened, why, what to do, and when it is tried again.
    if (run.outcome === 'failed') {
      expect(row).toMatchObject({ lastOutcome: expect.stringMatching(/^(?:failed|stalled)$/) })
      for (const words of [row.lastStep, row.lastMessage, row.lastFix]) expect(words).not.toBe('')
      expect(row.lastMessage).not.toMatch(/error of our own|undefined|\[object/)
      // I6: without a hand, and soon enough.
      if (scenario.needsPerson) expect(row).toMatchObject({ lastOutcome: 'stalled', dueAt: null })
      else {
        const wait = (row.dueAt?.getTime() ?? Number.NaN) - Date.now()
        expect(wait, `${row.lastOutcome}: ${row.lastMessage}`).toBeGreaterThan(0)
        expect(wait).toBeLessThanOrEqual(RETRY_AFTER_MAX_MS)
      }
      // I7
      expect(row.revision).toBe(revision)
    }
    for (const { reason } of failures) expect(reason).toMatch(/\S/)
    // I3, I4: no secret in anything that is kept, and none for anybody else.
    const everything = await console.everything()
    for (const secret of [CANARY, Buffer.from(`${READER.name}:${CANARY}`).toString('base64')])
      expect(everything).not.toContain(secret)
    expect(evil.seen.filter((one) => one.authorization !== undefined)).toEqual([])
    expect(evil.seen.filter((one) => /at-home|plain/.test(one.path))).toEqual([])

    // I10
    expect(({} as { polluted?: unknown }).polluted ?? Reflect.get(globalThis, 'polluted')).toBeUndefined()
    expect(existsSync('/tmp/escaped')).toBe(false)

    // ---- healed
    registry.fault = null
    registry.cut()
    const healed = await console.sync(reach)
    const still = (await console.failures()).map((one) => `${one.name} ${one.version}: ${one.reason}`)
    expect(healed, `${healed.message} ${still.join(', ')}`).toMatchObject({
      outcome: expect.stringMatching(/^(?:completed|unchanged)$/),
      failed: 0,
    })
    // I6
    expect(await dumpCatalog(console.tenantId, console.id)).toEqual(dumps.after)
    expect(await console.failures()).toEqual([])
    expect(await console.row()).toMatchObject({ lastOutcome: 'completed', failures: 0, holding: false })
  } finally {
    await Promise.all([registry.close(), neighbour.close()])
  }
}

type Lines = readonly string[]
const isSame = (a: Lines, b: Lines) => JSON.stringify(a) === JSON.stringify(b)

/** How a run ended, seen from the database alone. */
function endingOf(
  outcome: string,
  {
    dump,
    dumps,
    failures,
    isHeld,
  }: { dump: Lines; dumps: Known['dumps']; failures: Version[]; isHeld: boolean },
): Ending | string {
  const isBefore = isSame(dump, dumps.before)
  if (outcome === 'unchanged') return isBefore ? 'unchanged' : 'unchanged, and changed'
  // Where a run failed, versions that it had read before stay: each is whole, as it was or as it is.
  const all = new Set([...dumps.before, ...dumps.after])
  const odd = dump.filter((line) => !all.has(line))
  if (outcome === 'failed') {
    if (isBefore) return 'kept'
    return odd.length === 0 ? 'begun' : `failed, with ${odd.length} odd rows: ${odd[0]?.slice(0, 200)}`
  }
  if (isHeld) return isBefore ? 'held' : 'held, and changed'
  if (failures.length > 0) {
    // What failed is as it was before, which may be not at all.
    const expected = failures.reduce<Lines>(
      (lines, one) => [...without(lines, one), ...only(dumps.before, one)],
      dumps.after,
    )
    return isSame(dump, [...expected].sort()) ? 'aside' : `${failures.length} aside, and others differ`
  }
  if (isSame(dump, dumps.after)) return 'sound'
  return isSame(without(dump, VICTIM), without(dumps.after, VICTIM)) && only(dump, VICTIM).length > 0
    ? 'taken'
    : `completed, and different: ${odd[0]?.slice(0, 200)}`
}
