import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { seal } from '../crypto/seal'
import { AppError } from '../errors'
import { parse } from '../parse'
import { mustPass, toConnection } from './check'
import { openRegistry } from './open'
import { RegistryInput } from './schema'
import { keyRing, secretOwner } from './secret'
import { updateRegistry } from './store'

/**
 * Changes a registry. Without a new secret the stored one stays, but only where it goes to the same place in the same
 * way: another scheme, host, port, TLS setting or token server asks for it again.
 *
 * What changes how the registry is reached is tested first, unless it is saved as paused.
 *
 * @throws AppError `not_found`; `invalid` at `spec.auth` when the secret has to be given again; `conflict` when the
 *   name is taken; `check_failed` with the steps of the connection test
 */
export async function changeRegistry(actor: Actor, id: string, given: RegistryInput): Promise<void> {
  authorize(actor, 'packRegistry.update')
  const { auth, tls, oci, ...input } = parse(RegistryInput, given)
  const held = await openRegistry(actor.tenantId, id)
  if (held.kind !== input.kind)
    throw new AppError('invalid', 'The kind of a registry does not change. Add another.')
  const connection = toConnection({ ...input, auth, tls, oci })
  const owner = secretOwner(id, connection)

  const isGiven =
    auth.type === 'basic' ? auth.password !== undefined : auth.type === 'token' && auth.token !== undefined
  if (auth.type !== 'none' && !isGiven) {
    const same = owner === secretOwner(id, held) && held.auth.type === auth.type
    const [secret, user] = held.auth.type === 'basic' ? [held.auth.password, held.auth.username] : ['', '']
    if (!same || (auth.type === 'basic' && user !== auth.username && secret === ''))
      throw new AppError(
        'invalid',
        'Enter the password or token again: it is bound to the address and TLS settings that it was entered for.',
        { fields: { 'spec.auth': 'Enter the password or token again' } },
      )
    connection.auth =
      auth.type === 'basic'
        ? { ...auth, password: secret ?? '' }
        : held.auth.type === 'token'
          ? held.auth
          : { type: 'none' }
  }

  const reachedOtherwise = JSON.stringify(connection) !== JSON.stringify(held)
  if (reachedOtherwise && !input.paused) await mustPass(connection)
  const secret =
    connection.auth.type === 'basic'
      ? connection.auth.password
      : connection.auth.type === 'token'
        ? connection.auth.token
        : null
  const found = await updateRegistry(actor.tenantId, id, {
    name: input.name,
    endpoint: connection.endpoint,
    authType: auth.type,
    username: auth.type === 'basic' ? auth.username : '',
    sealedSecret: secret === null ? null : seal(secret, owner, keyRing()),
    ca: tls.ca,
    insecureSkipVerify: tls.insecureSkipVerify,
    ...connection.oci,
    isPrivate: input.isPrivate,
    labels: input.labels,
    annotations: input.annotations,
    syncEveryMinutes: input.syncEveryMinutes,
    paused: input.paused,
    settingsRevision: { increment: 1 },
    ...(input.paused
      ? { dueAt: null, pausedBy: actor.name }
      : // Also how a stalled registry gets going again.
        { dueAt: new Date(), requestedBy: 'changed', requestedActor: actor.name, failures: 0 }),
    ...(reachedOtherwise && { revision: null }),
  })
  if (!found) throw new AppError('not_found', 'There is no such registry.')
  await recordAudit(actor, {
    action: 'update',
    kind: 'registry',
    id,
    name: input.name,
    message: `Changed the registry ${connection.endpoint}`,
  })
}
