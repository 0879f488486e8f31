import { CANARY, sleep, type World } from './world'

const RECOVERY_MS = 30_000
const SAMPLE_MS = 150
const CALM_MS = 5_000

/** An invariant that did not hold: its name, and what was seen. */
export class Broken extends Error {
  override readonly name = 'Broken'
  constructor(
    readonly invariant: string,
    seen: string,
  ) {
    super(`${invariant}: ${seen}`)
  }
}

type Listed = Map<string, string>

const isVersion = (line: string) => line.startsWith('version ')
const keyOf = (line: string) => line.split(' ', 3).join(' ')

/** Every version that is listed, by its name, with all that is shown of it. */
const listed = (lines: string[]): Listed =>
  new Map(
    lines
      .filter((line) => isVersion(line) && line.includes('"gone":false'))
      .map((line) => [keyOf(line), line]),
  )

/**
 * Looks at the catalog all the time while a fault goes on: each version is as it was, or as it will be; and what is in
 * both is always there (I1).
 */
export function watch(world: World, before: string[], after: () => string[]) {
  let stopped = false
  const seen: string[][] = []
  const looking = (async () => {
    while (!stopped) {
      const lines = await world.dump(world.hit).catch(() => null)
      if (lines) seen.push(lines)
      await sleep(SAMPLE_MS)
    }
  })()
  return {
    async end(hasSeveralStates = false): Promise<void> {
      stopped = true
      await looking
      if (hasSeveralStates) return
      const [old, next] = [listed(before), listed(after())]
      for (const lines of seen) {
        const now = listed(lines)
        for (const [key, line] of now)
          if (line !== old.get(key) && line !== next.get(key))
            throw new Broken('I1', `${key} is neither as it was nor as it will be: ${line.slice(0, 300)}`)
        for (const key of old.keys())
          if (next.has(key) && !now.has(key)) throw new Broken('I1', `${key} was away in between`)
      }
    },
  }
}

/** The catalog is that of a sync without faults, within 30 s and without a hand (I6, I7). @returns seconds that it took */
export async function mustHeal(world: World, expected: string[]): Promise<number> {
  const began = Date.now()
  const want = expected.join('\n')
  let now = ''
  for (const end = began + RECOVERY_MS; Date.now() < end; await sleep(250)) {
    now = (await world.dump(world.hit).catch(() => ['The database is away'])).filter(isListedOrTag).join('\n')
    const [row] = await world.sql<{ last_outcome: string; run_id: string | null }>(
      'SELECT last_outcome, run_id FROM registry WHERE id = $1',
      [world.hit],
    )
    if (now === want && row?.last_outcome === 'completed' && row.run_id === null)
      return (Date.now() - began) / 1000
    // What waits for its time is due. What waits for a person is not.
    if (world.isShortened)
      await world.sql(
        'UPDATE registry SET due_at = now() WHERE id = ANY($1) AND due_at > now() AND run_id IS NULL',
        [[world.hit, world.calm]],
      )
  }
  const [row] = await world.sql(
    'SELECT last_outcome, last_step, last_message, run_id, due_at FROM registry WHERE id = $1',
    [world.hit],
  )
  const have = new Set(now.split('\n'))
  const missing = expected.filter((line) => !have.has(line)).map(keyOf)
  throw new Broken(
    'I6',
    `not healed in 30 s: ${JSON.stringify(row)}; missing ${missing.slice(0, 5).join(', ') || 'nothing'}`,
  )
}

/** A first sync knows nothing of what went before: what is gone is not in its dump. */
export const isListedOrTag = (line: string) => !isVersion(line) || line.includes('"gone":false')

/** The calm registry synced meanwhile, or within seconds after, and never failed (I5). */
export async function mustNotNotice(world: World, since: Date, isDatabaseHit: boolean): Promise<void> {
  for (const end = Date.now() + CALM_MS; ; await sleep(100)) {
    const runs = await world.sql<{ outcome: string; message: string }>(
      `SELECT outcome, message FROM sync_run WHERE registry_id = $1 AND started_at >= $2`,
      [world.calm, since],
    )
    const failed = runs.find((run) => run.outcome === 'failed')
    if (failed && !isDatabaseHit) throw new Broken('I5', `the calm registry failed: ${failed.message}`)
    if (runs.some((run) => run.outcome === 'completed' || run.outcome === 'unchanged')) return
    if (Date.now() > end) throw new Broken('I5', 'the calm registry was not synced')
  }
}

/** Whatever failed was told: the step, the words, and what comes next (I3). */
export async function mustTell(world: World, since: Date): Promise<void> {
  const [run] = await world.sql(
    `SELECT * FROM sync_run WHERE outcome = 'failed' AND started_at >= $1 AND (step = '' OR message = '') LIMIT 1`,
    [since],
  )
  if (run) throw new Broken('I3', `a run failed without a word: ${JSON.stringify(run)}`)
  const [row] = await world.sql(
    `SELECT name, last_outcome, due_at FROM registry
     WHERE NOT paused AND run_id IS NULL AND due_at IS NULL AND last_outcome <> 'stalled' LIMIT 1`,
  )
  if (row) throw new Broken('I3', `a registry does not say when it is tried next: ${JSON.stringify(row)}`)
}

/** The password is in no log and in no row as it is (I3, I4), and no two runs of one registry lay over one another (I9). */
export async function mustBeClean(world: World): Promise<void> {
  if (world.logs().includes(CANARY)) throw new Broken('I4', 'the password is in a log')
  const tables = await world.sql<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'jobs')`,
  )
  for (const { name } of tables) {
    const [row] = await world.sql(
      `SELECT 1 AS found FROM ${name} AS t WHERE t::text LIKE '%' || $1 || '%' LIMIT 1`,
      [CANARY],
    )
    if (row) throw new Broken('I4', `the password is in ${name}`)
  }
  const [double] = await world.sql(
    `SELECT a.id FROM sync_run a JOIN sync_run b ON a.registry_id = b.registry_id AND a.id <> b.id
     WHERE a.outcome IN ('completed', 'unchanged') AND b.outcome IN ('completed', 'unchanged')
       AND a.started_at < b.finished_at AND b.started_at < a.finished_at LIMIT 1`,
  )
  if (double)
    throw new Broken('I9', `two runs of one registry lay over one another: ${JSON.stringify(double)}`)
}
