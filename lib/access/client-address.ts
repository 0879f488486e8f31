import { env } from '../env'

/** Digits and separators of an IPv4 or IPv6 address; nothing longer is one. */
const LIKE_AN_ADDRESS = /^[\da-f]*[.:][\da-f.:]{1,44}$/i

/**
 * The address that a request came from, as the proxies in front of the console tell it: each adds to the end of
 * `X-Forwarded-For` whom it got the request from. What stands before those is the client's own word and worth nothing:
 * whoever believed it would let a client be somebody else at each attempt.
 *
 * Without a proxy that is trusted the header is not read at all.
 *
 * @param trustedProxies how many proxies stand in front of the console, one after the other
 * @returns empty when there is none that is an address
 */
export function clientAddress(
  forwardedFor: unknown,
  trustedProxies = env().PACKYARD_TRUSTED_PROXIES,
): string {
  if (trustedProxies < 1) return ''
  const address = String(forwardedFor ?? '')
    .split(',')
    .at(-trustedProxies)
    ?.trim()
  return address && LIKE_AN_ADDRESS.test(address) ? address : ''
}
