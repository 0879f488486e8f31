import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Seen {
  method: string
  path: string
  headers: http.IncomingHttpHeaders
}

export interface Gateway {
  url: string
  /** Every request that came, in order. */
  seen: Seen[]
  /** Answers instead of the server behind it, or lets the request pass. Replaced by tests as they go. */
  instead: (request: Seen, response: http.ServerResponse) => boolean | Promise<boolean>
  /** After how many bytes of an answer the connection is cut; null: not at all. Replaced by tests as they go. */
  cutAfter: (request: Seen) => number | null
  close(): Promise<void>
}

const letPass = () => false

/** A gateway in front of a real server, as operators have them: it writes down what passes, and may answer itself. */
export async function startGateway(
  behind: string,
  rewrite = (path: string) => path,
  rewriteBack = (location: string) => location,
): Promise<Gateway> {
  const target = new URL(behind)
  const server = http.createServer(async (request, response) => {
    const { method = 'GET', url = '/', headers } = request
    const one = { method, path: url, headers }
    gateway.seen.push(one)
    if (await gateway.instead(one, response)) return
    const onward = http.request(
      {
        host: target.hostname,
        port: target.port,
        method,
        path: rewrite(url),
        headers: { ...headers, host: target.host },
      },
      (answer) => {
        for (const name of ['link', 'location'])
          if (answer.headers[name]) answer.headers[name] = rewriteBack(String(answer.headers[name]))
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        const most = gateway.cutAfter(one)
        if (most === null) answer.pipe(response)
        else sendStart(answer, response, most)
      },
    )
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const gateway: Gateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    instead: letPass,
    cutAfter: () => null,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  return gateway
}

async function sendStart(answer: http.IncomingMessage, response: http.ServerResponse, bytes: number) {
  let left = bytes
  for await (const chunk of answer) {
    response.write(chunk.subarray(0, left))
    left -= chunk.length
    if (left <= 0) break
  }
  // What was written has to leave first.
  response.write('', () => response.destroy())
}
