import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

import type { KeyRing } from './key-ring'

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12 // 96 bits: NIST SP 800-38D, section 8.2
const TAG_BYTES = 16

/**
 * Encrypts a secret for storage.
 *
 * @param owner what the secret belongs to: row, origin and TLS settings. Bound to the result as associated data, so
 *   that a value copied to another row, or a row changed to another origin, does not open.
 * @returns `v1.<key id>.` followed by base64url of nonce, tag and ciphertext
 */
export function seal(secret: string, owner: string, ring: KeyRing): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, ring.current.key, nonce).setAAD(Buffer.from(owner))
  const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return `v1.${ring.current.id}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
}

/**
 * Opens what `seal` made.
 *
 * @throws Error when the key is not in the ring, or when value or owner are not what was sealed
 */
export function open(sealed: string, owner: string, ring: KeyRing): string {
  const [version, id, body] = sealed.split('.')
  const key = id === undefined ? undefined : ring.keys.get(id)
  if (version !== 'v1' || body === undefined) throw new Error('Not a sealed secret')
  if (!key) throw new Error(`The key "${id}" that sealed this secret is not in PACKYARD_SECRET_KEYS.`)
  const bytes = Buffer.from(body, 'base64url')
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(owner))
    .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
}
