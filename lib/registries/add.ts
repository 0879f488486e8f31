import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { keyRing } from '../crypto/operator-keys'
import { seal } from '../crypto/seal'
import { parse } from '../parse'
import { newUid } from '../uid'
import { mustBePair, mustPass, toConnection } from './check'
import { columnsOf } from './columns'
import { RegistryInput } from './schema'
import { sealedKeyOf, secretOwner } from './secret'
import { insertRegistry } from './store'

/**
 * Adds a registry, once it has proved readable.
 *
 * The first sync is not started here: the row is stored as due now and the worker takes it up like any other, so that
 * a first sync and a later one are the same thing. Saved as paused it is neither tested nor synced.
 *
 * @param id its uid, where it was told to somebody before
 * @returns its uid, and the audit event's
 * @throws AppError `conflict` when the name is taken; `check_failed` with the steps of the connection test
 */
export async function addRegistry(
  actor: Actor,
  given: RegistryInput,
  id = newUid(),
): Promise<{ id: string; auditId: string }> {
  authorize(actor, 'packRegistry.create')
  const { auth, tls, oci, ...input } = parse(RegistryInput, given)
  const connection = toConnection({ ...input, auth, tls, oci })
  mustBePair(connection)
  if (!input.paused) await mustPass(connection)
  const secret = connection.auth.type === 'basic' ? connection.auth.password : ''
  const token = connection.auth.type === 'token' ? connection.auth.token : ''
  await insertRegistry(actor.tenantId, {
    id,
    kind: input.kind,
    ...columnsOf(input, connection),
    sealedSecret: auth.type === 'none' ? null : seal(secret || token, secretOwner(id, connection), keyRing()),
    ...sealedKeyOf(id, connection),
    dueAt: input.paused ? null : new Date(),
    requestedBy: 'created',
    requestedActor: actor.name,
    pausedBy: input.paused ? actor.name : '',
  })
  const auditId = await recordAudit(actor, {
    action: 'create',
    kind: 'registry',
    id,
    name: input.name,
    message: `Added the registry ${connection.endpoint}${input.paused ? ', paused' : ''}`,
  })
  return { id, auditId }
}
