import { createHmac, timingSafeEqual } from 'node:crypto'

import { z } from 'zod'

import { PACK_NAME, PACK_NAME_MAX } from './pack-name'

/**
 * How a registry tells a console that packs changed: a small JSON that is signed. It says that there is something to
 * read, and nothing has to be believed: the console reads the registry itself.
 *
 * @see docs/registry-sync.md
 */
export const SIGNATURE_HEADER = 'packyard-signature'

/** No notification is larger, in bytes. */
export const NOTIFICATION_LIMIT = 64 * 1024
/** So many packs are named in one. */
export const NAMED_PACKS = 100
/** A signature is good for so long before and after the time that it names, in seconds. */
export const SIGNED_SECONDS = 300

export const Notification = z.object({
  id: z.string().max(64),
  /** `started`: the server began, and cannot tell what was not told before it ended. */
  event: z.enum(['changed', 'started']),
  at: z.iso.datetime(),
  /** The catalog's ETag, without its quotes. */
  revision: z.string().max(256),
  packs: z.array(z.string().max(PACK_NAME_MAX).regex(PACK_NAME)).max(NAMED_PACKS),
  /** Whether others changed too. */
  more: z.boolean(),
})
export type Notification = z.infer<typeof Notification>

const mac = (secret: string, seconds: string, body: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${seconds}.`).update(body).digest()

/** Signs the bytes of a body. @returns `t=<seconds>,v1=<hex of HMAC-SHA256 over "<seconds>.<body>">` */
export function sign(secret: string, body: Uint8Array, now: Date): string {
  const seconds = String(Math.floor(now.getTime() / 1000))
  return `t=${seconds},v1=${mac(secret, seconds, body).toString('hex')}`
}

const SIGNATURE = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/

/** Whether a signature is by this secret, over these very bytes, and of now. Takes as long for a wrong one. */
export function isSigned(secret: string, signature: string, body: Uint8Array, now: Date): boolean {
  const [, seconds = '0', given = '0'.repeat(64)] =
    signature.length <= 128 ? (SIGNATURE.exec(signature) ?? []) : []
  const isRight = timingSafeEqual(mac(secret, seconds, body), Buffer.from(given, 'hex'))
  return isRight && Math.abs(now.getTime() / 1000 - Number(seconds)) <= SIGNED_SECONDS
}
