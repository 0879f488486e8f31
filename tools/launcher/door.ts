// The launcher's door to the verbs: what the first start and `npm run reset-admin` need of them. Bundled at build.
import { packPush } from '../../cli/commands/pack-push'
import { registryLogin } from '../../cli/commands/registry-login'
import type { Context } from '../../cli/context'
import { launcher, makeFirstAdmin, readFirstAdmin, resetAdmin } from '../../lib/access/first-admin'
import { closeDatabase } from '../../lib/db/in-tenant'
import { AppError } from '../../lib/errors'
import { takeHook } from '../../lib/hooks/change'
import { readHook } from '../../lib/hooks/read'
import { addRegistry } from '../../lib/registries/add'
import { changeRegistry } from '../../lib/registries/change'
import { readRegistry } from '../../lib/registries/read'
import { type RegistryInput, SYNC_MINUTES } from '../../lib/registries/schema'
import { newUid } from '../../lib/uid'

export interface BundledRegistry {
  endpoint: string
  /** As the command line names it: host and port. */
  server: string
  username: string
  password: string
}

const NAME = 'Sample packs'

/**
 * Pushes packs to the bundled registry, as the command line does. What it has already costs nothing.
 *
 * @param directories each holds a pack.json
 * @param home keeps the login that this takes
 * @returns what could not be pushed, with the reason
 */
async function pushPacks(
  { server, username, password }: BundledRegistry,
  directories: string[],
  home: string,
  signal: AbortSignal,
): Promise<{ directory: string; reason: string }[]> {
  const context: Context = { home, signal, warn() {}, progress() {} }
  await registryLogin(context, server, { insecure: true, username, password })
  const failed: { directory: string; reason: string }[] = []
  for (const directory of directories) {
    signal.throwIfAborted()
    try {
      await packPush(context, directory, { registryServer: server })
    } catch (error) {
      failed.push({ directory, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  return failed
}

/**
 * Adds the bundled registry to the console, due at once like any other.
 *
 * @param uid the one that the registry was told to notify
 * @returns its uid; null when there is a registry of that name already, which is left as it is
 * @throws AppError `check_failed` when the console may not or cannot reach it
 */
async function addSamplePacks(
  tenantId: string,
  bundled: BundledRegistry,
  uid: string,
): Promise<string | null> {
  try {
    const input: RegistryInput = {
      name: NAME,
      kind: 'pack',
      endpoint: bundled.endpoint,
      auth: { type: 'basic', username: bundled.username, password: bundled.password },
      tls: { ca: '', insecureSkipVerify: false },
      syncEveryMinutes: SYNC_MINUTES.default,
      paused: false,
      isPrivate: true,
      labels: {},
      annotations: {},
    }
    return (await addRegistry(launcher(tenantId), input, uid)).id
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return null
    throw error
  }
}

/**
 * Follows the bundled registry to another address, while it still is in the console at the old one.
 *
 * @returns whether it was moved now
 */
async function moveSamplePacks(
  tenantId: string,
  id: string,
  from: string,
  bundled: BundledRegistry,
): Promise<boolean> {
  const actor = launcher(tenantId)
  const held = await readRegistry(actor, id).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') return null
    throw error
  })
  if (held?.endpoint !== from) return false
  await changeRegistry(actor, id, {
    name: held.name,
    kind: 'pack',
    endpoint: bundled.endpoint,
    auth: { type: 'basic', username: bundled.username, password: bundled.password },
    tls: { ca: held.ca, insecureSkipVerify: held.insecureSkipVerify },
    syncEveryMinutes: held.syncEveryMinutes,
    paused: held.paused,
    isPrivate: held.isPrivate,
    labels: held.labels as Record<string, string>,
    annotations: held.annotations as Record<string, string>,
  })
  return true
}

/**
 * Has the console take notifications of the bundled registry that this secret signs.
 *
 * @param isFirst whether also while they are off
 */
async function letNotify(tenantId: string, id: string, secret: string, isFirst: boolean): Promise<void> {
  const actor = launcher(tenantId)
  try {
    if (isFirst || (await readHook(actor, id)) !== null) await takeHook(actor, id, secret)
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'not_found')) throw error
  }
}

export const door = {
  addSamplePacks,
  closeDatabase,
  letNotify,
  makeUid: newUid,
  makeFirstAdmin,
  moveSamplePacks,
  pushPacks,
  readFirstAdmin,
  resetAdmin,
}
