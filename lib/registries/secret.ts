import type { Connection } from '../adapters/schema'
import { type KeyRing, readKeyRing } from '../crypto/key-ring'
import { env } from '../env'

let ring: KeyRing | undefined

export function keyRing(): KeyRing {
  ring ??= readKeyRing(env().PACKYARD_SECRET_KEYS)
  return ring
}

/** What the secret is bound to that signs a registry's notifications: the row. It is sent nowhere. */
export const hookOwner = (id: string): string => JSON.stringify([id, 'hook'])

/**
 * What a registry's secret is bound to: the row, the origin that it is sent to and the TLS settings that protect it on
 * the way; where it may go to a second server, to that one too. A row whose endpoint was changed by any other means
 * does not open its secret.
 */
export function secretOwner(
  id: string,
  { endpoint, tls, oci }: Pick<Connection, 'endpoint' | 'tls' | 'oci'>,
): string {
  const tokenServer = oci?.tokenServer ? [oci.tokenServer] : []
  return JSON.stringify([id, new URL(endpoint).origin, tls.insecureSkipVerify, tls.ca, ...tokenServer])
}
