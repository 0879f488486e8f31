import { setTimeout as sleep } from 'node:timers/promises'

import { type Console, withConsole } from '../console'
import { findRegistry } from '../console-registry'
import type { Answer, Context } from '../context'
import { CliError } from '../errors'

const POLL_MS = 1000
/** Versions that could not be read, said one by one. */
const SHOWN = 20

/**
 * Asks for a sync of one registry, and with `wait` for its end.
 *
 * @throws CliError `failed` when the sync that was waited for failed, or somebody cancelled it
 */
export const consoleRegistriesSync = (
  context: Context,
  named: string,
  { wait = false, force = false }: { wait?: boolean; force?: boolean },
): Promise<Answer> =>
  withConsole(context, async (console) => {
    const { metadata } = await findRegistry(console, named)
    const params = { uid: metadata.uid }
    const [before] = (await console.call('listSyncRuns', { params })).items
    await console.call('syncRegistry', { params, query: { forceSync: force ? 'true' : 'false' } })
    if (!wait)
      return { data: { uid: metadata.uid, asked: true }, lines: [`Asked for a sync of ${metadata.name}.`] }
    const run = await ended(
      console,
      context,
      metadata.uid,
      before?.outcome === 'running' ? undefined : before?.uid,
    )
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

async function ended(
  console: Console,
  { signal, progress }: Context,
  uid: string,
  after: string | undefined,
) {
  for (;;) {
    const [run] = (await console.call('listSyncRuns', { params: { uid } })).items
    if (run && run.uid !== after && run.outcome !== 'running') return run
    progress(run?.outcome === 'running' ? `Syncing, ${run.listed} versions` : 'Waiting for the sync to begin')
    await sleep(POLL_MS, undefined, { signal })
  }
}
