import { Connection, RegistryKind } from '../adapters/schema'
import { open } from '../crypto/seal'
import { AppError } from '../errors'
import { keyRing, secretOwner } from './secret'
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
  const secret = row.sealedSecret && open(row.sealedSecret, secretOwner(row.id, row.endpoint, tls), keyRing())
  const auth =
    row.authType === 'basic'
      ? { type: 'basic', username: row.username, password: secret ?? '' }
      : row.authType === 'token' && secret
        ? { type: 'token', token: secret }
        : { type: 'none' }
  return Connection.parse({ kind: RegistryKind.parse(row.kind), endpoint: row.endpoint, auth, tls })
}
