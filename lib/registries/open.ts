import { RemoteError } from '../adapters/adapter'
import { Connection, OciSettings, RegistryKind } from '../adapters/schema'
import { SealError } from '../crypto/seal'
import { AppError } from '../errors'
import { openHookSecret, openSecret, openWebhookSecret } from './secret'
import { findSealed } from './store'

/** A registry as it is stored, for somebody who changes it. */
export interface StoredRegistry {
  /** With its secret; without credentials where that does not open. */
  connection: Connection
  /** As it stands in the row, so that a change in between is noticed. */
  sealed: string | null
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
  const tls = { ca: row.ca, insecureSkipVerify: row.insecureSkipVerify }
  const oci = kind === 'oci' ? OciSettings.parse(row) : undefined
  let secret: string | null = null
  let lost: RemoteError | null = null
  try {
    if (row.sealedSecret)
      secret = openSecret(row.sealedSecret, id, {
        endpoint: row.endpoint,
        tls,
        oci,
        auth: { type: row.authType },
      })
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    lost = toLost(error)
  }
  const auth =
    row.authType === 'basic' && !lost
      ? { type: 'basic', username: row.username, password: secret ?? '' }
      : row.authType === 'token' && secret
        ? { type: 'token', token: secret }
        : { type: 'none' }
  const connection = Connection.parse({ kind, endpoint: row.endpoint, auth, tls, ...(oci && { oci }) })
  return { connection, sealed: row.sealedSecret, lost }
}

const toLost = (error: SealError): RemoteError =>
  new RemoteError(
    'credentials',
    'stalled',
    `The stored password or token does not open. ${error.message}`,
    error.reason === 'key_missing'
      ? 'Put the key back into the key ring of the console, or edit the registry and enter the password or token again.'
      : 'Edit the registry and enter the password or token again.',
    { cause: error },
  )

/** Opens the secret that signs a registry's notifications. @throws SealError when it was not sealed for this row */
export const openHook = (id: string, sealed: string): string => openHookSecret(sealed, id)

/** Opens the secret that signs what a webhook is told. @throws SealError when it was not sealed for this row */
export const openWebhook = (id: string, sealed: string): string => openWebhookSecret(sealed, id)
