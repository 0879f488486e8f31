import { createHash, randomBytes } from 'node:crypto'

import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { newUid } from '../uid'
import type { Actor } from './actor'
import { authorize } from './authorize'
import { deleteApiKey, findApiKey, findApiKeys, insertApiKey, type ShownApiKey, updateApiKey } from './store'

const KEY_BYTES = 32
const HINT_LENGTH = 8

/** What is stored of a key. */
export const hashApiKey = (key: string): string => createHash('sha256').update(key).digest('hex')

export async function listApiKeys(actor: Actor): Promise<ShownApiKey[]> {
  authorize(actor, 'apiKey.list')
  return (await findApiKeys(actor.tenantId)).filter((key) => sees(actor, key))
}

// Admins see every key of the tenant, everybody else their own.
const sees = (actor: Actor, key: ShownApiKey) => actor.role === 'tenant-admin' || key.user.id === actor.id

/** @throws AppError `not_found`, also for a key that this person may not see */
export async function readApiKey(actor: Actor, id: string): Promise<ShownApiKey> {
  authorize(actor, 'apiKey.get')
  const key = await findApiKey(actor.tenantId, id)
  if (!key || !sees(actor, key)) throw new AppError('not_found', 'There is no such API key.')
  return key
}

/**
 * Makes a key for the person who asks. It is told once and never again: only its hash is kept.
 *
 * @throws AppError `conflict` when the person has a key of that name
 */
export async function createApiKey(
  actor: Actor,
  input: { name: string; expiresAt: Date | null },
): Promise<{ id: string; key: string }> {
  authorize(actor, 'apiKey.create')
  if (input.expiresAt && input.expiresAt.getTime() <= Date.now())
    throw new AppError('invalid', 'The key would be over at once. Choose a later date.', {
      fields: { 'spec.expiry': 'Choose a date in the future' },
    })
  const key = `pyk_${randomBytes(KEY_BYTES).toString('base64url')}`
  const id = newUid()
  await insertApiKey(actor.tenantId, {
    id,
    userId: actor.id,
    name: input.name,
    hash: hashApiKey(key),
    hint: key.slice(0, HINT_LENGTH),
    expiresAt: input.expiresAt,
  })
  await recordAudit(actor, {
    action: 'create',
    kind: 'apiKey',
    id,
    name: input.name,
    message: 'Made an API key',
  })
  return { id, key }
}

/** @throws AppError `not_found`; `conflict` when its person has a key of that name */
export async function changeApiKey(
  actor: Actor,
  id: string,
  change: { name?: string; active?: boolean; expiresAt?: Date | null },
): Promise<void> {
  authorize(actor, 'apiKey.update')
  const key = await readApiKey(actor, id)
  await updateApiKey(actor.tenantId, id, change)
  await recordAudit(actor, {
    action: 'update',
    kind: 'apiKey',
    id,
    name: key.name,
    message: 'Changed an API key',
  })
}

export async function removeApiKey(actor: Actor, id: string): Promise<void> {
  authorize(actor, 'apiKey.delete')
  const key = await readApiKey(actor, id)
  await deleteApiKey(actor.tenantId, id)
  await recordAudit(actor, {
    action: 'delete',
    kind: 'apiKey',
    id,
    name: key.name,
    message: 'Deleted an API key',
  })
}
