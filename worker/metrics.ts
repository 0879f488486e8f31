import { createServer } from 'node:http'

import { log } from '../lib/log'
import { answerMetrics, metrics } from '../lib/metrics'
import { countRegistries } from '../lib/sync/store/figures'

const HEADERS_MS = 5_000
/** Nobody who scrapes has reason to hold more. */
const CONNECTIONS = 32

/**
 * Lets monitoring read this worker at `/metrics`: it has no other door.
 *
 * @param address `port` or `host:port`; this machine alone may read it where no host is given
 * @returns how to end it
 * @throws Error where it cannot listen
 */
export async function serveMetrics(address: string): Promise<() => void> {
  const [, host = '127.0.0.1', port] = /^(?:(.+):)?(\d+)$/.exec(address) ?? []
  metrics.watchRegistries(countRegistries)
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: HEADERS_MS },
    (request, response) => {
      if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
        response.writeHead(404).end('Not found\n')
        return
      }
      answerMetrics(request.headers.authorization ?? null)
        .then(async (answer) => {
          response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
        })
        .catch((err) => {
          log.warn({ err }, 'The metrics could not be told')
          response.writeHead(503).end('The metrics could not be counted. The log tells more.\n')
        })
    },
  )
  server.maxConnections = CONNECTIONS
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen({ host: host.replace(/^\[|\]$/g, ''), port: Number(port) }, () =>
      done(server.off('error', fail) as never),
    )
  })
  return () => {
    server.close()
    server.closeAllConnections()
  }
}
