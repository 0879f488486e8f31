import { RemoteError } from '../adapters/adapter'
import { Connection, OciSettings, RegistryKind } from '../adapters/schema'
import { SealError } from '../crypto/seal'
import { AppError } from '../errors'
import { openClientKey, openHookSecret, openSecret, openWebhookSecret } from './secret'
import { findSealed } from './store'

/** A registry as it is stored, for somebody who changes it. */
export interface StoredRegistry {
  /** With its secret; without credentials where that does not open. */
  connection: Connection
  /** As they stand in the row, so that a change in between is noticed. */
  sealed: string | null
  sealedKey: string | null
  /** Why the secret does not open; null where all is well. */
  lost: RemoteError | null
}

/**
 * Opens a registry's stored credentials: the only place that does. What it returns goes to an adapter and nowhere else.
 *
 * @throws AppError `not_found`; RemoteError `stalled` where the stored secret does not open
 */
export async function openRegistry(tenantId: string, id: string): Promise<Connection> {
  const { connection, lost } = await openStored(tenantId, id)
  if (lost) throw lost
  return connection
}

/** @throws AppError `not_found` */
export async function openStored(tenantId: string, id: string): Promise<StoredRegistry> {
  const row = await findSealed(tenantId, id)
  if (!row) throw new AppError('not_found', 'There is no such registry.')
  const kind = RegistryKind.parse(row.kind)
  const { ca, insecureSkipVerify, clientCertificate: certificate } = row
  const tls = { ca, insecureSkipVerify, ...(certificate && { client: { certificate, key: '' } }) }
  const oci = kind === 'oci' ? OciSettings.parse(row) : undefined
  let secret: string | null = null
  let lost: RemoteError | null = null
  let opening: 'password or token' | 'private key' = 'password or token'
  try {
    if (row.sealedSecret)
      secret = openSecret(row.sealedSecret, id, {
        endpoint: row.endpoint,
        tls,
        oci,
        auth: { type: row.authType },
      })
    opening = 'private key'
    if (row.sealedKey && tls.client)
      tls.client.key = openClientKey(row.sealedKey, id, { endpoint: row.endpoint, tls })
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    lost = toLost(error, opening)
  }
  const auth =
    row.authType === 'basic' && !lost
      ? { type: 'basic', username: row.username, password: secret ?? '' }
      : row.authType === 'token' && secret
        ? { type: 'token', token: secret }
        : { type: 'none' }
  const connection = Connection.parse({ kind, endpoint: row.endpoint, auth, tls, ...(oci && { oci }) })
  return { connection, sealed: row.sealedSecret, sealedKey: row.sealedKey, lost }
}

const toLost = (error: SealError, what: 'password or token' | 'private key'): RemoteError =>
  new RemoteError(
    'credentials',
    'stalled',
    `The stored ${what} does not open. ${error.message}`,
    error.reason === 'key_missing'
      ? `Put the key back into the key ring of the console, or edit the registry and enter the ${what} again.`
      : `Edit the registry and enter the ${what} again.`,
    { cause: error },
  )

/** Opens the secret that signs a registry's notifications. @throws SealError when it was not sealed for this row */
export const openHook = (id: string, sealed: string): string => openHookSecret(sealed, id)

/** Opens the secret that signs what a webhook is told. @throws SealError when it was not sealed for this row */
export const openWebhook = (id: string, sealed: string): string => openWebhookSecret(sealed, id)
