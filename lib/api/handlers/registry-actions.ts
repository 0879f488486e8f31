import type { Actor } from '../../access/actor'
import { AppError } from '../../errors'
import { listProfilesOfRegistry } from '../../profiles/used-by'
import { readRegistry } from '../../registries/read'
import { removeRegistry } from '../../registries/remove'
import type { RegistryInput } from '../../registries/schema'
import { requestSync } from '../../sync/request'

type Kind = RegistryInput['kind']

/**
 * Deletes a registry; of one kind, where one is given.
 *
 * @throws AppError `conflict` with the profiles that use it
 */
export async function deleteAny(actor: Actor, uid: string, kind?: Kind): Promise<void> {
  try {
    if (kind) await mustBe(actor, uid, kind)
    await removeRegistry(actor, uid)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error
    // Who uses it, the registry does not know.
    const profiles = await listProfilesOfRegistry(actor, uid)
    throw new AppError('conflict', error.message, { cause: error, data: { profiles } })
  }
}

/** Asks for a sync of a registry of one kind. @returns the audit event's uid */
export async function syncAny(actor: Actor, uid: string, kind: Kind, force: boolean): Promise<string> {
  await mustBe(actor, uid, kind)
  return requestSync(actor, uid, force)
}

/** @throws AppError `not_found` for a registry of another kind */
async function mustBe(actor: Actor, uid: string, kind: Kind): Promise<void> {
  await readRegistry(actor, uid, kind)
}
