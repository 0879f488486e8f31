import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import type { Connection } from '../adapters/schema'
import { recordAudit } from '../audit/record'
import { keyRing } from '../crypto/operator-keys'
import { seal } from '../crypto/seal'
import { AppError } from '../errors'
import { parse } from '../parse'
import { mustBePair, mustPass, toConnection } from './check'
import { columnsOf } from './columns'
import { openStored, type StoredRegistry } from './open'
import { PackFilter, RegistryInput } from './schema'
import { keyOwner, sealedKeyOf, secretOwner } from './secret'
import { findRegistry, updateRegistry } from './store'

const SAVES = 3

/**
 * Changes a registry. Without a new secret the stored one stays, but only where it goes to the same place in the same
 * way: another scheme, host, port, TLS setting or token server asks for it again.
 *
 * What changes how the registry is reached is tested first, unless it is saved as paused.
 *
 * @throws AppError `not_found`; `invalid` at `spec.auth` when the secret has to be given again; `conflict` when the
 *   name is taken, or somebody changed the registry in between; `check_failed` with the steps of the connection test
 */
export async function changeRegistry(actor: Actor, id: string, given: RegistryInput): Promise<void> {
  authorize(actor, 'packRegistry.update')
  const { auth, tls, oci, ...input } = parse(RegistryInput, given)
  let stored = await openStored(actor.tenantId, id)
  const held = stored.connection
  if (held.kind !== input.kind)
    throw new AppError('invalid', 'The kind of a registry does not change. Add another.')
  const connection = toConnection({ ...input, auth, tls, oci })
  if (!isGiven(auth)) connection.auth = keptAuth(id, auth, connection, stored)
  if (connection.tls.client && tls.client?.key === undefined)
    connection.tls.client.key = keptKey(id, connection, stored)
  mustBePair(connection)

  const reachedOtherwise = stored.lost !== null || JSON.stringify(connection) !== JSON.stringify(held)
  if (reachedOtherwise && !input.paused) await mustPass(connection)
  const secret =
    connection.auth.type === 'basic'
      ? connection.auth.password
      : connection.auth.type === 'token'
        ? connection.auth.token
        : null
  const before = await findRegistry(actor.tenantId, id)
  const isFilteredOtherwise =
    JSON.stringify(PackFilter.parse(before?.filter ?? {})) !==
    JSON.stringify(PackFilter.parse(input.filter ?? {}))
  for (let saves = 1; ; saves++) {
    const asRead = { sealedSecret: stored.sealed, sealedKey: stored.sealedKey, endpoint: held.endpoint }
    const data = {
      ...columnsOf(input, connection),
      sealedSecret: secret === null ? null : seal(secret, secretOwner(id, connection), keyRing()),
      ...sealedKeyOf(id, connection),
      settingsRevision: { increment: 1 },
      ...(input.paused
        ? { dueAt: null, pausedBy: actor.name }
        : // Also how a stalled registry gets going again.
          { dueAt: new Date(), requestedBy: 'changed', requestedActor: actor.name, failures: 0 }),
      // Another filter is asked of all that is listed.
      ...((reachedOtherwise || isFilteredOtherwise) && { revision: null }),
    }
    if (await updateRegistry(actor.tenantId, id, data, asRead)) break
    stored = await openStored(actor.tenantId, id)
    // The same secret sealed anew, with another key: nobody changed anything.
    const isResealed = JSON.stringify(stored.connection) === JSON.stringify(held)
    if (!isResealed || saves === SAVES)
      throw new AppError(
        'conflict',
        'Somebody changed this registry while it was being saved. Load it again and repeat your change.',
      )
  }
  await recordAudit(actor, {
    action: 'update',
    kind: 'registry',
    id,
    name: input.name,
    message: `Changed the registry ${connection.endpoint}`,
  })
}

const isGiven = (auth: RegistryInput['auth']): boolean =>
  auth.type === 'none' || (auth.type === 'basic' ? auth.password !== undefined : auth.token !== undefined)

/** The stored secret, where it may go. @throws AppError `invalid` at `spec.auth` */
function keptAuth(
  id: string,
  auth: RegistryInput['auth'],
  next: Connection,
  { connection: held, lost }: StoredRegistry,
): Connection['auth'] {
  const again = (reason: string) =>
    new AppError('invalid', `Enter the password or token again: ${reason}`, {
      fields: { 'spec.auth': 'Enter the password or token again' },
    })
  if (lost) throw again('the stored one does not open any more.')
  const bound = again('it is bound to the address and TLS settings that it was entered for.')
  // Where it goes is compared with what was stored, whatever the new kind of secret is called.
  if (held.auth.type !== auth.type || secretOwner(id, next) !== secretOwner(id, held)) throw bound
  if (auth.type === 'basic' && held.auth.type === 'basic') {
    if (held.auth.password === '' && held.auth.username !== auth.username) throw bound
    return { ...auth, password: held.auth.password }
  }
  return held.auth
}

/** The stored private key, where it may be used. @throws AppError `invalid` at `spec.auth.tls.key` */
function keptKey(id: string, next: Connection, { connection: held, lost }: StoredRegistry): string {
  if (!lost && held.tls.client && keyOwner(id, next) === keyOwner(id, held)) return held.tls.client.key
  const message = lost
    ? 'Enter the private key again: the stored one does not open any more.'
    : 'Enter the private key again: it is bound to the certificate, the address and the TLS settings that it was entered for.'
  throw new AppError('invalid', message, { fields: { 'spec.auth.tls.key': 'Enter the private key again' } })
}
