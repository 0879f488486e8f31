import { createOutbound } from '../outbound/client'
import { OutboundError } from '../outbound/errors'
import { retryAfterSeconds } from '../outbound/retry-after'
import { SIGNATURE_HEADER, sign } from '../pack-format/notification'
import { egressPolicy } from '../registries/check'
import type { Attempt } from './attempt'

const LIMITS = { connectMs: 5_000, headersMs: 10_000, bodyIdleMs: 5_000, totalMs: 15_000, connections: 1 }

/** Sends one delivery, once, under the operator's egress policy. Redirects are not followed. */
export async function send(
  { url, id, event, body }: { url: string; id: string; event: string; body: string },
  secret: string,
  signal?: AbortSignal,
): Promise<Attempt> {
  const began = performance.now()
  const ended = (attempt: Omit<Attempt, 'ms'>): Attempt => ({
    ...attempt,
    ms: Math.round(performance.now() - began),
  })
  const bytes = Buffer.from(body)
  const outbound = createOutbound({
    origin: new URL(url).origin,
    auth: { type: 'none' },
    tls: { ca: '', insecureSkipVerify: false },
    policy: egressPolicy(),
    limits: LIMITS,
  })
  try {
    const response = await outbound.request('POST', url, {
      headers: {
        'content-type': 'application/json',
        'packyard-event': event,
        'packyard-delivery': id,
        [SIGNATURE_HEADER]: sign(secret, bytes, new Date()),
      },
      body: bytes,
      signal,
    })
    await response.discard()
    const { status, headers } = response
    if (status >= 200 && status < 300) return ended({ status, reason: '' })
    const seconds = retryAfterSeconds(headers.get('retry-after'))
    const reason =
      status >= 300 && status < 400
        ? `The receiver leads elsewhere (${status}). Enter the address that it really has.`
        : `The receiver answered ${status}.`
    return ended({ status, reason, ...(seconds !== undefined && { retryAfterMs: seconds * 1000 }) })
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    return ended({ status: null, reason: error.message })
  } finally {
    await outbound.close()
  }
}
