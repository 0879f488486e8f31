import type { Outbound, OutboundResponse } from '../outbound/client'
import type { RegistryAuth } from '../outbound/schema'
import { explainStatus } from './explain'
import { readChallenges } from './oci/challenge'

/**
 * Keeps an account from being locked by many requests with a wrong password. Until the credentials have been taken
 * once, requests that carry them go one after another; once they are refused, none goes any more. Meant for one adapter:
 * the next run begins anew, and after a refusal there is none until a person has changed something.
 *
 * Where a server answers "sign in at the token server" it has not looked at the credentials: that is no refusal.
 *
 * @returns wraps each client that takes these credentials to `origin`
 */
export function withCaution(auth: RegistryAuth): (outbound: Outbound, origin: string) => Outbound {
  if (auth.type === 'none') return (outbound) => outbound
  let refusal: { status: number } | undefined
  let areTaken = false
  let first: Promise<void> | undefined

  /** What an answer tells of the credentials; nothing, where the server has another trouble. */
  function learn({ status, headers, url }: OutboundResponse, origin: string): void {
    if (url.origin !== origin) return
    const isElsewhere =
      auth.type === 'basic' &&
      readChallenges(headers.get('www-authenticate')).some((one) => one.scheme === 'bearer')
    // One that may not read everything, with credentials that were taken, is no stranger.
    if ((status === 401 && !isElsewhere) || (status === 403 && !areTaken)) refusal ??= { status }
    else if (status !== 401 && status !== 403 && status !== 429 && status < 500) areTaken = true
  }

  return (outbound, origin) => ({
    get traffic() {
      return outbound.traffic
    },
    close: () => outbound.close(),
    async request(method, target, request = {}) {
      const carries =
        !request.anonymous && request.authorization === undefined && new URL(target).origin === origin
      if (!carries) return outbound.request(method, target, request)
      while (!areTaken && !refusal && first) {
        await first
        request.signal?.throwIfAborted()
      }
      if (refusal) throw explainStatus(refusal.status, new Headers(), 'credentials', true)
      const asked = outbound.request(method, target, request).then((response) => {
        learn(response, origin)
        return response
      })
      if (areTaken) return asked
      const ended = asked.then(
        () => {},
        () => {},
      )
      first = ended
      try {
        return await asked
      } finally {
        if (first === ended) first = undefined
      }
    },
  })
}
