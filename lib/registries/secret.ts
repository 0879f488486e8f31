import { type KeyRing, readKeyRing } from '../crypto/key-ring'
import { env } from '../env'
import type { TlsSettings } from '../outbound/schema'

let ring: KeyRing | undefined

export function keyRing(): KeyRing {
  ring ??= readKeyRing(env().PACKYARD_SECRET_KEYS)
  return ring
}

/**
 * What a registry's secret is bound to: the row, the origin that it is sent to and the TLS settings that protect it on
 * the way. A row whose endpoint was changed by any other means does not open its secret.
 */
export function secretOwner(id: string, endpoint: string, tls: TlsSettings): string {
  return JSON.stringify([id, new URL(endpoint).origin, tls.insecureSkipVerify, tls.ca])
}
