import { once } from 'node:events'
import net, { type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import tls, { type TLSSocketOptions } from 'node:tls'

import type { Catalog, FaultKind } from './catalog'
import { type Answer, answer, type Request, readRequests, send } from './http'
import { ANSWERS, type Served } from './kinds'

/** What goes wrong. Each hook may be left out. */
export interface Fault {
  /** Which requests it strikes; all by default. */
  strikes?(served: Served, request: Request): boolean
  /** Sends instead of the sound answer, in whatever way. The connection goes on afterwards, unless it was ended. */
  send?(socket: Duplex, sound: Answer, request: Request): void | Promise<void>
  /** Says something else, and sends it soundly. */
  lie?(sound: Answer, request: Request, served: Served): Answer
  /** Takes a connection before a word was said. @returns whether it did */
  connect?(socket: Socket): boolean
  /** How TLS is spoken instead; null: not at all, whatever the address says. */
  secure?: TLSSocketOptions | null
  /** What is served instead of the catalog. */
  catalog?: Catalog
}

/** A request as it came. */
export interface SeenRequest {
  method: string
  path: string
  authorization: string | undefined
  endpoint: Served['endpoint']
  at: number
}

export interface FaultRegistry {
  url: string
  port: number
  /** What it serves. May be replaced at any time. */
  catalog: Catalog
  /** Null: healthy. May be replaced at any time; what is under way goes on as it began. */
  fault: Fault | null
  /** Who may read; null: everybody. */
  user: { name: string; password: string } | null
  /** Certificate and key of https; undefined: plain HTTP. May be replaced, for connections that come after. */
  secure: TLSSocketOptions | undefined
  /** Every request that came, in order. */
  seen: SeenRequest[]
  /** How many connections were taken, and how many are open. */
  readonly connections: { taken: number; open: number }
  /** Ends the connections that are open. */
  cut(): void
  close(): Promise<void>
}

export interface FaultRegistryOptions {
  kind: FaultKind
  catalog: Catalog
  host?: string
  port?: number
  secure?: TLSSocketOptions
  user?: FaultRegistry['user']
}

/**
 * A registry that serves a catalog as one of its kind does, and misbehaves on demand: it speaks HTTP by itself, byte
 * for byte, so that it can break every rule of it. For tests of clients; nothing is stored, and nothing is secret.
 */
export async function startFaultRegistry(options: FaultRegistryOptions): Promise<FaultRegistry> {
  const { kind, host = '127.0.0.1' } = options
  const sockets = new Set<Duplex>()
  let taken = 0

  const server = net.createServer({ noDelay: true }, (socket) => {
    taken++
    keep(socket)
    const { fault } = registry
    if (fault?.connect?.(socket)) return
    const secure = fault?.secure === undefined ? registry.secure : fault.secure
    if (!secure) return void serve(socket)
    const encrypted = new tls.TLSSocket(socket, { isServer: true, ...secure })
    keep(encrypted)
    void serve(encrypted)
  })

  function keep(socket: Duplex) {
    sockets.add(socket)
    socket.on('error', () => {}).once('close', () => sockets.delete(socket))
  }

  async function serve(socket: Duplex) {
    try {
      for await (const request of readRequests(socket)) await reply(socket, request)
    } catch {
      // The other side went away.
    } finally {
      socket.destroy()
    }
  }

  async function reply(socket: Duplex, request: Request) {
    const { fault, user } = registry
    const served = ANSWERS[kind](fault?.catalog ?? registry.catalog, request)
    const { authorization } = request.headers
    const { method, path } = request
    registry.seen.push({ method, path, authorization, endpoint: served.endpoint, at: Date.now() })
    const expected = user && `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`
    if (expected && authorization !== expected)
      return send(socket, request, answer(401, '{}', { 'www-authenticate': 'Basic realm="packs"' }))
    if (!fault || !(fault.strikes?.(served, request) ?? true)) return send(socket, request, served.answer)
    if (fault.send) return fault.send(socket, served.answer, request)
    return send(socket, request, fault.lie?.(served.answer, request, served) ?? served.answer)
  }

  server.listen(options.port ?? 0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const registry: FaultRegistry = {
    url: `${options.secure ? 'https' : 'http'}://${host}:${port}`,
    port,
    catalog: options.catalog,
    fault: null,
    user: options.user ?? null,
    secure: options.secure,
    seen: [],
    connections: {
      get taken() {
        return taken
      },
      get open() {
        return sockets.size
      },
    },
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      registry.cut()
      await closed
    },
  }
  return registry
}
