// For `npm run dev`: stands before the bundled registry and misbehaves by path, so that a registry of each state is at
// hand. `/empty` has no packs, `/broken` spoils the manifests of one pack, `/slow` takes minutes to list its packs.
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const LISTING = '/v1/_packyard/catalog'
const SPOILT = /^\/v1\/traefik\/manifests\//
/** Below the console's patience with a silent server. */
const DRIP_MS = 20_000
const NDJSON = { 'content-type': 'application/x-ndjson' }

/** @returns {Promise<http.Server>} listening */
export function startGateway({ host, port, behind }) {
  const target = new URL(behind)

  /** What the registry itself answers, in full. */
  async function ask(request, path) {
    const { 'if-none-match': _, ...headers } = request.headers
    const answer = await new Promise((resolve, reject) => {
      const onward = http.request(
        {
          host: target.hostname,
          port: target.port,
          method: request.method,
          path,
          headers: { ...headers, host: target.host },
        },
        resolve,
      )
      onward.on('error', reject)
      request.pipe(onward)
    })
    const chunks = []
    for await (const chunk of answer) chunks.push(chunk)
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }
  }

  const ways = {
    async empty(request, response, path) {
      const { status, headers, body } = await ask(request, path)
      const isListing = path === LISTING && status === 200
      response.writeHead(status, isListing ? NDJSON : headers)
      response.end(isListing ? '{"end":true,"count":0}\n' : body)
    },

    async broken(request, response, path) {
      const { status, headers, body } = await ask(request, path)
      if (SPOILT.test(path) && request.method === 'GET') body[body.length - 2] ^= 1
      response.writeHead(status, headers).end(body)
    },

    async slow(request, response, path) {
      const { status, headers, body } = await ask(request, path)
      if (path !== LISTING || status !== 200) return response.writeHead(status, headers).end(body)
      response.writeHead(200, NDJSON)
      for (const line of body.toString('utf8').split(/(?<=\n)/)) {
        response.write(line)
        await sleep(DRIP_MS)
        if (response.destroyed) return
      }
      response.end()
    },
  }

  const server = http.createServer((request, response) => {
    const [, name, path] = /^\/(\w+)(\/.*)?$/.exec(request.url) ?? []
    const way = ways[name]
    if (!way) return response.writeHead(404).end()
    way(request, response, path ?? '/').catch(() => response.destroy())
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
  })
}
