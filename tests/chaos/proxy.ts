import { once } from 'node:events'
import net, { type AddressInfo, type Socket } from 'node:net'

/** Bytes on their way from a client to a server (`up`) or back. */
export interface Passing {
  direction: 'up' | 'down'
  chunk: Buffer
  connection: Connection
}

export interface Connection {
  /** Bytes that went so far. */
  up: number
  down: number
  /** Whatever a catcher wants to remember of it. */
  memory: Set<string>
}

/** A moment at which bytes were stopped. */
export interface Held {
  /** Lets them go on. */
  release(): void
  /** Breaks the connection off instead: both sides are told. */
  cut(): void
  /** Lets nothing pass any more on this connection, and tells nobody: a line that went dead. */
  stall(): void
}

type Catcher = (passing: Passing) => boolean

export interface Line {
  port: number
  /** Where it leads to. */
  target: number
  /** New connections are refused. */
  isClosed: boolean
  /** Added to each way, in milliseconds. */
  latencyMs: number
  /** 0: as many as come. */
  bytesPerSecond: number
  /** Stops the first bytes for which `when` says so, and holds them. */
  catch(when: Catcher): Promise<Held>
  /** Forgets what was to be caught, and breaks all connections off. */
  reset(): void
  close(): Promise<void>
}

/** Leads connections to another port of this machine, and does to them what a bad network does. */
export async function startProxy(target: number): Promise<Line> {
  const pairs = new Set<() => void>()
  let catcher: { when: Catcher; caught: (held: Held) => void } | null = null

  const clients = new Set<Socket>()
  const server = net.createServer((client) => {
    client.on('error', () => {})
    clients.add(client)
    client.once('close', () => clients.delete(client))
    if (proxy.isClosed) return client.resetAndDestroy()
    const upstream = net.connect({ port: proxy.target, host: '127.0.0.1' })
    upstream.on('error', () => {})
    const connection: Connection = { up: 0, down: 0, memory: new Set() }
    const cut = () => {
      pairs.delete(cut)
      client.resetAndDestroy()
      upstream.resetAndDestroy()
    }
    pairs.add(cut)
    let isDead = false
    const lead = async (from: Socket, to: Socket, direction: 'up' | 'down') => {
      try {
        for await (const chunk of from as AsyncIterable<Buffer>) {
          if (isDead) await new Promise(() => {})
          const taken = catcher
          if (taken?.when({ direction, chunk, connection })) {
            catcher = null
            const goesOn = await new Promise<boolean>((go) =>
              taken.caught({
                release: () => go(true),
                cut() {
                  cut()
                  go(false)
                },
                stall() {
                  isDead = true
                },
              }),
            )
            if (!goesOn) return
          }
          connection[direction] += chunk.length
          const wait =
            proxy.latencyMs + (proxy.bytesPerSecond ? (chunk.length / proxy.bytesPerSecond) * 1000 : 0)
          if (wait > 0) await new Promise((done) => setTimeout(done, wait))
          if (!to.write(chunk)) await once(to, 'drain').catch(() => {})
        }
        to.end()
      } catch {
        cut()
      } finally {
        from.once('close', () => pairs.delete(cut))
      }
    }
    void lead(client, upstream, 'up')
    void lead(upstream, client, 'down')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const proxy: Line = {
    port: (server.address() as AddressInfo).port,
    target,
    ...{ isClosed: false, latencyMs: 0, bytesPerSecond: 0 },
    catch: (when) =>
      new Promise((caught) => {
        catcher = { when, caught }
      }),
    reset() {
      catcher = null
      Object.assign(proxy, { isClosed: false, latencyMs: 0, bytesPerSecond: 0 })
      for (const cut of [...pairs]) cut()
    },
    async close() {
      proxy.reset()
      const closed = once(server, 'close')
      server.close()
      // Also those that are half closed, and in no pair any more.
      for (const client of clients) client.destroy()
      await closed
    },
  }
  return proxy
}
