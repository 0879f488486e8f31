/** Digits and separators of an IPv4 or IPv6 address; nothing longer is one. */
const LIKE_AN_ADDRESS = /^[\da-f]*[.:][\da-f.:]{1,44}$/i

/**
 * The address that a request came from: the first that `X-Forwarded-For` names, which the proxy in front of the console
 * sets, or Next.js itself.
 *
 * @returns empty when there is none that is an address: a client can send anything there, and it is kept
 */
export function clientAddress(forwardedFor: unknown): string {
  const [first = ''] = String(forwardedFor ?? '').split(',', 1)
  const address = first.trim()
  return LIKE_AN_ADDRESS.test(address) ? address : ''
}
