import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

import type { KeyRing } from './key-ring'

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12 // 96 bits: NIST SP 800-38D, section 8.2
const TAG_BYTES = 16
/** `v1` is the same with another owner: see lib/registries/secret.ts */
const SEAL_VERSION = 'v2'
const VERSIONS = ['v1', SEAL_VERSION]

/** A sealed secret does not open. The message is for people and holds no secret. */
export class SealError extends Error {
  override readonly name = 'SealError'
  constructor(
    readonly reason: 'key_missing' | 'broken',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/**
 * Encrypts a secret for storage.
 *
 * @param owner what the secret belongs to: row, origin and TLS settings. Bound to the result as associated data, so
 *   that a value copied to another row, or a row changed to another origin, does not open.
 * @returns `v2.<key id>.` followed by base64url of nonce, tag and ciphertext
 */
export function seal(secret: string, owner: string, ring: KeyRing): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, ring.current.key, nonce).setAAD(Buffer.from(owner))
  const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  const bytes = Buffer.concat([nonce, cipher.getAuthTag(), body])
  return sealPrefix(ring) + bytes.toString('base64url')
}

/** How every secret begins that is sealed now: in the present form, with the key that seals. */
export const sealPrefix = (ring: KeyRing): string => `${SEAL_VERSION}.${ring.current.id}.`

/**
 * Opens what `seal` made.
 *
 * @throws SealError when the key is not in the ring, or when value or owner are not what was sealed
 */
export function open(sealed: string, owner: string, ring: KeyRing): string {
  const [version = '', id = '', body] = sealed.split('.')
  if (!VERSIONS.includes(version) || body === undefined)
    throw new SealError('broken', 'The stored secret is none that was sealed here.')
  const key = ring.keys.get(id)
  if (!key)
    throw new SealError('key_missing', `The key "${id}" that sealed the secret is not in the key ring.`)
  const bytes = Buffer.from(body, 'base64url')
  try {
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(owner))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    return (
      decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    )
  } catch (cause) {
    throw new SealError(
      'broken',
      'The secret was sealed for another registry, address or TLS settings, or with another key of the same name.',
      { cause },
    )
  }
}
