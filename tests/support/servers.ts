import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo, type Server, type Socket } from 'node:net'

import type { TestCertificate } from './certificates'

export interface TestServer {
  port: number
  close(): Promise<void>
}

async function listen(server: Server): Promise<TestServer> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket.on('error', () => {}))
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** A web server that answers as a test says, over TLS with a certificate. */
export const startWeb = (answer: http.RequestListener, tls?: TestCertificate): Promise<TestServer> =>
  listen(tls ? https.createServer({ cert: tls.cert, key: tls.key }, answer) : http.createServer(answer))

/** A server that takes connections and does with them what a test says. */
export const startTcp = (take: (socket: Socket) => void): Promise<TestServer> =>
  listen(net.createServer(take))

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const { port, close } = await startTcp(() => {})
  await close()
  return port
}

/**
 * A port whose queue of connections is full: the next one waits. Its process never accepts any.
 */
export async function startFull(): Promise<TestServer> {
  const script = `require('net').createServer().listen(0, '127.0.0.1', 1, function () {
    process.stdout.write(String(this.address().port), () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)) })`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [data] = await once(child.stdout, 'data')
  const port = Number(String(data))
  const waiting: Socket[] = []
  for (let i = 0; i < 8; i++) waiting.push(net.connect({ port, host: '127.0.0.1' }).on('error', () => {}))
  await new Promise((done) => setTimeout(done, 200))
  return {
    port,
    async close() {
      for (const socket of waiting) socket.destroy()
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Whether a command is on this machine. */
export function isInstalled(command: string): boolean {
  try {
    execFileSync('which', [command], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
