import type { Connection } from '../adapters/schema'
import { keyRing } from '../crypto/operator-keys'
import { open, seal } from '../crypto/seal'

/** What of a registry a secret is bound to, besides its row. */
export interface SecretOwner extends Pick<Connection, 'endpoint' | 'tls'> {
  auth: { type: string }
  oci?: { tokenServer: string }
}

/** What the secret is bound to that signs a registry's notifications: the row. It is sent nowhere. */
export const hookOwner = (id: string): string => JSON.stringify([id, 'hook'])

/** What the secret is bound to that signs what a webhook is told: the row. It is sent nowhere. */
export const webhookOwner = (id: string): string => JSON.stringify([id, 'webhook'])

/**
 * What a registry's secret is bound to: the row, the kind of secret, the origin that it is sent to and the TLS settings
 * that protect it on the way; where it may go to a second server, to that one too. A row whose endpoint was changed by
 * any other means does not open its secret.
 */
export function secretOwner(id: string, { endpoint, tls, oci, auth }: SecretOwner): string {
  return JSON.stringify({
    secretOf: 'registry',
    id,
    type: auth.type,
    origin: new URL(endpoint).origin,
    insecureSkipVerify: tls.insecureSkipVerify,
    ca: tls.ca,
    tokenServer: oci?.tokenServer ?? '',
  })
}

/** What the private key of a client certificate is bound to: the certificate, and what the other secret is bound to. */
export function keyOwner(id: string, { endpoint, tls }: Pick<SecretOwner, 'endpoint' | 'tls'>): string {
  return JSON.stringify({
    secretOf: 'client certificate',
    id,
    certificate: tls.client?.certificate ?? '',
    origin: new URL(endpoint).origin,
    insecureSkipVerify: tls.insecureSkipVerify,
    ca: tls.ca,
  })
}

/** The private key of a client certificate as the column that keeps it. */
export const sealedKeyOf = (id: string, owner: Pick<SecretOwner, 'endpoint' | 'tls'>) => ({
  sealedKey: owner.tls.client ? seal(owner.tls.client.key, keyOwner(id, owner), keyRing()) : null,
})

/** The owner as it was before the kind of secret belonged to it. `npm run keys -- reseal` leaves none. */
function formerOwner(id: string, { endpoint, tls, oci }: SecretOwner): string {
  const tokenServer = oci?.tokenServer ? [oci.tokenServer] : []
  return JSON.stringify([id, new URL(endpoint).origin, tls.insecureSkipVerify, tls.ca, ...tokenServer])
}

/** @throws SealError */
export const openSecret = (sealed: string, id: string, owner: SecretOwner): string =>
  open(sealed, sealed.startsWith('v1.') ? formerOwner(id, owner) : secretOwner(id, owner), keyRing())

/** @throws SealError */
export const openHookSecret = (sealed: string, id: string): string => open(sealed, hookOwner(id), keyRing())

/** @throws SealError */
export const openWebhookSecret = (sealed: string, id: string): string =>
  open(sealed, webhookOwner(id), keyRing())

/** @throws SealError */
export const openClientKey = (
  sealed: string,
  id: string,
  owner: Pick<SecretOwner, 'endpoint' | 'tls'>,
): string => open(sealed, keyOwner(id, owner), keyRing())
