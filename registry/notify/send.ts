import { readFile } from 'node:fs/promises'

import { type Notification, SIGNATURE_HEADER, sign } from '@/lib/pack-format/notification'

import type { EndpointSettings } from '../config/schema'

/** What came of one attempt: `refused` where the same would be refused again. */
export type Sent =
  | { is: 'taken' }
  | { is: 'refused'; reason: string }
  | { is: 'failed'; reason: string; waitMs: number }

/** Refusals that pass by themselves. */
const PASSING = [408, 425, 429]

/** Sends one notification, once. Never throws; a reason holds neither secret nor header. */
export async function send(
  endpoint: EndpointSettings,
  notification: Notification,
  signal: AbortSignal,
): Promise<Sent> {
  const body = Buffer.from(JSON.stringify(notification))
  try {
    const secret = endpoint.secretfile
      ? (await readFile(endpoint.secretfile, 'utf8')).trim()
      : endpoint.secret
    const headers = new Headers({ 'content-type': 'application/json', 'user-agent': 'packyard-registry' })
    for (const [name, values] of Object.entries(endpoint.headers))
      for (const value of values) headers.append(name, value)
    if (secret) headers.set(SIGNATURE_HEADER, sign(secret, body, new Date()))
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(endpoint.timeout)]),
    })
    await response.body?.cancel()
    const { status } = response
    if (status >= 200 && status < 300) return { is: 'taken' }
    const reason = `It answered ${status}`
    if (status < 500 && !PASSING.includes(status)) return { is: 'refused', reason }
    const seconds = Number(response.headers.get('retry-after'))
    return { is: 'failed', reason, waitMs: Number.isFinite(seconds) ? seconds * 1000 : 0 }
  } catch (error) {
    const { name, message, cause } = error as Error
    const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? (error as NodeJS.ErrnoException).code
    return {
      is: 'failed',
      reason: name === 'TimeoutError' ? 'It did not answer in time' : (code ?? message),
      waitMs: 0,
    }
  }
}
