import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Server as SecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Logger } from 'pino'

import { explainListen, readAddress } from './address'
import { openAuth } from './auth'
import type { Config } from './config/schema'
import { makeMetrics, serveMetrics } from './metrics'
import { notify } from './notify/notify'
import { createServer } from './server'
import { openStorage } from './storage/storage'
import { reloadTls } from './tls'

/** Requests that run when the server is told to end have so long. */
const GRACE_MS = 8_000
const SWEEP_MS = 100

export interface Running {
  /** Without a slash at its end. */
  url: string
  port: number
  /** Ends gracefully: requests that run are finished, for a while. */
  close(): Promise<void>
}

/**
 * Starts a registry in this process.
 *
 * @param onLost is called when another process took the data directory over: end this one at once
 * @throws StartError that names the setting at fault
 */
export async function startRegistry(
  config: Config,
  log: Logger,
  onLost: () => void = () => {},
): Promise<Running> {
  const address = readAddress(config.http.addr)
  const auth = await openAuth(config.auth, log)
  if (!config.auth?.htpasswd)
    log.warn('There is no sign-in: everybody may read and push. Set auth.htpasswd (REGISTRY_AUTH=htpasswd)')
  const { directory, remove } = await dataDirectory(config)
  const storage = await openStorage(
    directory,
    { ...config.limits, collect: config.storage.collect },
    log,
    onLost,
  )
  let closing = false
  const metrics = makeMetrics(storage)
  const notifying = notify(config.notifications.endpoints, storage.catalog, log)
  let monitored: Awaited<ReturnType<typeof serveMetrics>> = null
  const release = async () => {
    monitored?.close()
    await notifying.end()
    await storage.close()
    await remove()
  }
  try {
    monitored = await serveMetrics(config.http.debug, metrics)
    const { app, server } = await createServer({
      ...{ config, auth, storage, log, metrics },
      isClosing: () => closing,
    })
    const endReload =
      config.http.tls && server instanceof SecureServer ? reloadTls(server, config.http.tls, log) : () => {}
    try {
      server.listen(address)
      await once(server, 'listening')
    } catch (cause) {
      await app.close()
      throw explainListen(config.http.addr, cause as NodeJS.ErrnoException)
    }
    const { port } = server.address() as AddressInfo
    const url = `${config.http.tls ? 'https' : 'http'}://${hostOf(address.host)}:${port}`
    log.info({ url, address: config.http.addr, data: directory, auth: auth.mode }, 'Listening')
    return {
      url,
      port,
      async close() {
        if (closing) return
        closing = true
        endReload()
        const closed = once(server, 'close')
        server.close()
        // Connections whose answer had begun before are kept by their clients.
        const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
        const impatience = setTimeout(() => server.closeAllConnections(), GRACE_MS)
        await closed
        clearInterval(sweep)
        clearTimeout(impatience)
        await app.close()
        await release()
        log.info('Ended')
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** One that people can open, where the server listens on every address. */
function hostOf(host: string | undefined): string {
  if (!host || host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

async function dataDirectory({ storage }: Config): Promise<{ directory: string; remove(): Promise<void> }> {
  if (storage.filesystem) return { directory: storage.filesystem.rootdirectory, remove: async () => {} }
  const directory = await mkdtemp(join(tmpdir(), 'packyard-registry-'))
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) }
}
