import { setTimeout as sleep } from 'node:timers/promises'

import { type Console, withConsole } from '../console'
import { findRegistry } from '../console-registry'
import type { Answer, Context } from '../context'
import { CliError } from '../errors'

const POLL_MS = 1000
const MINUTE_MS = 60_000
/** Versions that could not be read, said one by one. */
const SHOWN = 20

/** How long a sync is waited for: longer than a first one of a large registry takes. */
const WAIT_MINUTES = 30
const MAX_MINUTES = 24 * 60

/**
 * Asks for a sync of one registry, and with `wait` for its end.
 *
 * @param options.timeout minutes that it is waited for
 * @throws CliError `failed` when the sync that was waited for failed, or somebody cancelled it; `timed_out` when it has
 *   not ended in time
 */
export async function consoleRegistriesSync(
  context: Context,
  named: string,
  { wait = false, force = false, timeout }: { wait?: boolean; force?: boolean; timeout?: string },
): Promise<Answer> {
  if (timeout !== undefined && !wait)
    throw new CliError('wrong_use', '--timeout says how long --wait waits.', 'Give --wait too.')
  const minutes = timeout === undefined ? WAIT_MINUTES : minutesOf(timeout)
  return withConsole(context, async (console) => {
    const { metadata } = await findRegistry(console, named)
    const params = { uid: metadata.uid }
    const [before] = (await console.call('listSyncRuns', { params })).items
    await console.call('syncRegistry', { params, query: { forceSync: force ? 'true' : 'false' } })
    if (!wait)
      return { data: { uid: metadata.uid, asked: true }, lines: [`Asked for a sync of ${metadata.name}.`] }
    const run = await ended(console, context, {
      ...{ uid: metadata.uid, name: metadata.name, minutes },
      after: before?.outcome === 'running' ? undefined : before?.uid,
    })
    if (run.outcome === 'failed')
      throw new CliError('failed', `The sync of ${metadata.name} failed: ${run.message}`)
    if (run.outcome === 'cancelled')
      throw new CliError('failed', `The sync of ${metadata.name} did not end: ${run.message}`)
    const { added, changed, removed, failed } = run
    const failures = failed > 0 ? (await console.call('listSyncFailures', { params })).items : []
    return {
      data: { run, failures },
      lines: [
        `Synced ${metadata.name}: ${added} added, ${changed} changed, ${removed} removed, ${failed} failed.`,
        ...(run.message ? [run.message] : []),
        ...failures.slice(0, SHOWN).map(({ name, version, reason }) => `${name} ${version}: ${reason}`),
        ...(failures.length > SHOWN ? [`And ${failures.length - SHOWN} more.`] : []),
      ],
    }
  })
}

function minutesOf(text: string): number {
  const minutes = Number(text)
  if (text.trim() === '' || !(minutes > 0 && minutes <= MAX_MINUTES))
    throw new CliError(
      'wrong_use',
      `"${text}" is no time to wait.`,
      `Give minutes, more than 0 and at most ${MAX_MINUTES}.`,
    )
  return minutes
}

interface Wait {
  uid: string
  name: string
  /** The run before the one that was asked for. */
  after: string | undefined
  minutes: number
}

async function ended(console: Console, { signal, progress }: Context, { uid, name, after, minutes }: Wait) {
  const deadline = Date.now() + minutes * MINUTE_MS
  for (;;) {
    const [run] = (await console.call('listSyncRuns', { params: { uid } })).items
    const isNew = run !== undefined && run.uid !== after
    if (isNew && run.outcome !== 'running') return run
    const left = deadline - Date.now()
    if (left <= 0) throw late(name, minutes, isNew)
    progress(run?.outcome === 'running' ? `Syncing, ${run.listed} versions` : 'Waiting for the sync to begin')
    await sleep(Math.min(POLL_MS, left), undefined, { signal })
  }
}

const late = (name: string, minutes: number, hasBegun: boolean) =>
  new CliError(
    'timed_out',
    hasBegun
      ? `The sync of ${name} has not ended in ${spoken(minutes)}. It goes on.`
      : `The sync of ${name} has not begun in ${spoken(minutes)}. It is asked for and stays so.`,
    hasBegun
      ? 'Wait longer with --timeout, or look at the registry in the console.'
      : 'Check that a worker runs, and that the registry is not paused.',
  )

const spoken = (minutes: number) =>
  minutes < 1
    ? `${Math.max(1, Math.round(minutes * 60))} s`
    : minutes === 1
      ? '1 minute'
      : `${minutes} minutes`
