import { Connection, OciSettings, RegistryKind } from '../adapters/schema'
import { open } from '../crypto/seal'
import { AppError } from '../errors'
import { hookOwner, keyRing, secretOwner } from './secret'
import { findSealed } from './store'

/**
 * Opens a registry's stored credentials: the only place that does. What it returns goes to an adapter and nowhere else.
 *
 * @throws AppError `not_found`
 */
export async function openRegistry(tenantId: string, id: string): Promise<Connection> {
  const row = await findSealed(tenantId, id)
  if (!row) throw new AppError('not_found', 'There is no such registry.')
  const tls = { ca: row.ca, insecureSkipVerify: row.insecureSkipVerify }
  const oci = row.kind === 'oci' ? OciSettings.parse(row) : undefined
  const owner = secretOwner(row.id, { endpoint: row.endpoint, tls, oci })
  const secret = row.sealedSecret && open(row.sealedSecret, owner, keyRing())
  const auth =
    row.authType === 'basic'
      ? { type: 'basic', username: row.username, password: secret ?? '' }
      : row.authType === 'token' && secret
        ? { type: 'token', token: secret }
        : { type: 'none' }
  const kind = RegistryKind.parse(row.kind)
  return Connection.parse({ kind, endpoint: row.endpoint, auth, tls, ...(oci && { oci }) })
}

/** Opens the secret that signs a registry's notifications. @throws Error when it was not sealed for this row */
export const openHook = (id: string, sealed: string): string => open(sealed, hookOwner(id), keyRing())
