import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

/**
 * The address of a request so that it can be decoded: where its path cannot be, a percent sign stands for itself. What
 * it names is then not there, and that is answered like any other such thing.
 */
export function soundAddress(address: string): string {
  const [path = '', ...query] = address.split('?')
  try {
    decodeURIComponent(path)
    return address
  } catch {
    return [path.replaceAll('%', '%25'), ...query].join('?')
  }
}

/**
 * Mends the address of every request to this process before anybody reads it. Next.js answers one that it cannot decode
 * with "Internal Server Error", before any page or operation is asked.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#http
 */
export function mendAddresses(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage }
    if (request.url) request.url = soundAddress(request.url)
  })
}
