import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import { handlers } from '@/lib/api/handlers'
import { mount } from '@/lib/api/mount'
import { closeDatabase } from '@/lib/db/in-tenant'
import { answer } from './answer'

/**
 * The console as it runs when it is built: the API itself, and before everything else Next.js with the pages. Both are
 * here, and not the API as one of Next's routes, since a request through Next.js costs more than most operations do.
 */
const FOLDER = path.dirname(fileURLToPath(import.meta.url))
/** Requests that are under way may take so long to end. */
const END_MS = 10_000

const { PORT = '3000', HOSTNAME = '0.0.0.0', KEEP_ALIVE_TIMEOUT = '' } = process.env
const port = Number(PORT)
const requireHere = createRequire(import.meta.url)

async function startPages() {
  const { config } = JSON.parse(readFileSync(path.join(FOLDER, '.next/required-server-files.json'), 'utf8'))
  // Where Next.js looks for its settings when their file is not there to be read.
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config)
  const next = requireHere('next') as typeof import('next').default
  const pages = next({ dev: false, dir: FOLDER, hostname: HOSTNAME, port, conf: config })
  await pages.prepare()
  return pages
}

process.chdir(FOLDER)
const pages = await startPages()
const show = pages.getRequestHandler()
const api = mount(handlers)
const isApi = /^\/v1(?:[/?]|$)/

const server = createServer((incoming, outgoing) => {
  const answered = isApi.test(incoming.url ?? '')
    ? answer(incoming, outgoing, (request) => api.fetch(request))
    : show(incoming, outgoing)
  answered.catch((error: unknown) => {
    console.error(error)
    outgoing.destroy()
  })
})
if (KEEP_ALIVE_TIMEOUT) server.keepAliveTimeout = Number(KEEP_ALIVE_TIMEOUT)
server.listen(port, HOSTNAME)

let ending = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (ending) return
    ending = true
    server.close(async () => {
      await Promise.all([pages.close(), closeDatabase()])
      process.exit(0)
    })
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), END_MS).unref()
  })
