import { Broken, isListedOrTag, mustBeClean, mustTell, watch } from './check'
import { oneWorker } from './fault'
import { startAgain } from './faults/database'
import { sleep, type World } from './world'

/** Registries whose first sync is about to begin, at each strike. */
const FRESH = 4
/** Those that a dead worker left wait for its lease; more than this are not made beside them. */
const MOST = 64
const RECOVERY_MS = 30_000
const BEGIN_MS = 20_000
/** After the beginning of a sync, by when it has ended: a strike comes at any time until then. */
const SPAN_MS = 600

/** What strikes, and how what it struck comes back. */
export interface Storm {
  name: string
  isOfDatabase: boolean
  strike(world: World): Promise<void>
}

export const STORMS = {
  kills: {
    ...{ name: 'the worker is killed', isOfDatabase: false },
    async strike(world) {
      for (const worker of [...world.workers]) await worker.end('SIGKILL')
      await world.startWorker()
    },
  },
  'power-cuts': {
    ...{ name: 'the database is killed and started again at once', isOfDatabase: true },
    async strike(world) {
      await world.database.kill('SIGKILL')
      await startAgain(world)
    },
  },
} satisfies Record<string, Storm>

/**
 * Strikes so often, each time at a random moment while registries are being read for the first time. Each registry then
 * has the catalog of a sync without faults, and nobody ever saw another one of the registry that was whole before.
 *
 * @returns how many syncs ended well meanwhile, and seconds from the last strike until all was well
 * @throws Broken
 */
export async function runStorm(
  world: World,
  { isOfDatabase, strike }: Storm,
  times: number,
  random: () => number,
  say: (struck: number) => void,
): Promise<{ synced: number; seconds: number }> {
  await oneWorker(world)
  const expected = (await world.cleanDump()).filter(isListedOrTag)
  const [{ now } = { now: new Date() }] = await world.sql<{ now: Date }>('SELECT clock_timestamp() AS now')
  const whole = await world.dump(world.hit)
  const watching = watch(world, whole, () => whole)
  const crowd = new Set<string>()
  let synced = 0

  /** Takes away those that are whole, and makes others in their place. */
  const renew = async (fresh: number) => {
    const rows = await world.sql<{ id: string; waits: boolean; ended: boolean }>(
      `SELECT id, run_id IS NULL AND last_outcome = 'never' AS waits, run_id IS NULL AND last_outcome = 'completed' AS ended
       FROM registry WHERE id = ANY($1)`,
      [[...crowd]],
    )
    for (const { id } of rows.filter((row) => row.ended)) {
      const lines = (await world.dump(id)).filter(isListedOrTag)
      if (lines.join('\n') !== expected.join('\n'))
        throw new Broken(
          'I6',
          `a sync that ended well left ${lines.length} rows instead of ${expected.length}`,
        )
      await world.sql('DELETE FROM registry WHERE id = $1', [id])
      crowd.delete(id)
      synced++
    }
    for (
      let waiting = rows.filter((row) => row.waits).length;
      waiting < fresh && crowd.size < MOST;
      waiting++
    )
      crowd.add(await world.addRegistry())
    // What failed with the database waits for its time.
    await world.due(world.hit, ...crowd)
  }
  const isReading = async () => {
    const [row] = await world.sql(
      `SELECT 1 AS one FROM registry WHERE id = ANY($1) AND run_id IS NOT NULL AND updated_at > now() - interval '2 seconds'
       LIMIT 1`,
      [[...crowd]],
    )
    return row !== undefined
  }

  try {
    for (let struck = 0; struck < times; ) {
      await renew(FRESH)
      for (const end = Date.now() + BEGIN_MS; !(await isReading()); await sleep(20))
        if (Date.now() > end) throw new Broken('I6', 'no sync begins')
      await sleep(random() * SPAN_MS)
      if (!(await isReading())) continue
      await strike(world)
      say(++struck)
    }
    const over = Date.now()
    while (crowd.size > 0) {
      await renew(0)
      if (Date.now() - over > RECOVERY_MS)
        throw new Broken('I6', `${crowd.size} registries are not whole after 30 s`)
      await sleep(200)
    }
    const seconds = (Date.now() - over) / 1000
    await mustTell(world, now)
    await mustBeClean(world)
    return { synced, seconds }
  } finally {
    await watching.end(isOfDatabase && crowd.size > 0)
    await world.sql('DELETE FROM registry WHERE id = ANY($1)', [[...crowd]])
  }
}
