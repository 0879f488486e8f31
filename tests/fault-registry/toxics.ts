import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

import { type Answer, head, send, write } from './http'
import type { Fault } from './registry'

/** Ways in which a network or a server fails that says nothing wrong: for one answer each. */
type Send = NonNullable<Fault['send']>

/** Nothing comes, and the connection stays. */
export const hang: Send = (socket) => until(socket)

/** The head of the answer and so many bytes of its body come; then the connection ends, in order or by a reset. */
export const cutAfter =
  (bytes: number, isReset = false): Send =>
  async (socket, sound) => {
    await write(socket, head(sound))
    await write(socket, sound.body.subarray(0, bytes))
    // What was written has to leave first.
    await sleep(20)
    if (isReset && 'resetAndDestroy' in socket) (socket as Socket).resetAndDestroy()
    else socket.destroy()
  }

/** The head of the answer and so many bytes of its body come; then nothing more, and the connection stays. */
export const stallAfter =
  (bytes: number): Send =>
  async (socket, sound) => {
    await write(socket, head(sound))
    await write(socket, sound.body.subarray(0, bytes))
    await until(socket)
  }

/** The answer comes late, and slowly. */
export const slow =
  ({ latencyMs = 0, bytesPerSecond = Number.POSITIVE_INFINITY }): Send =>
  async (socket, sound, request) => {
    await sleep(latencyMs)
    if (!Number.isFinite(bytesPerSecond)) return send(socket, request, sound)
    await write(socket, head(sound))
    if (request.method !== 'HEAD') await trickle(socket, sound.body, bytesPerSecond)
  }

/** Whatever is asked for, the server answers so. */
export const status =
  (code: number, headers: Answer['headers'] = {}, body = ''): NonNullable<Fault['lie']> =>
  () => ({ status: code, headers, body: Buffer.from(body) })

/** One of so many requests fails, by turns, with this status. */
export function flap(every: number, code = 500): Fault {
  let count = 0
  return { strikes: () => count++ % every === 0, lie: status(code) }
}

const STEP_MS = 50

async function trickle(socket: Duplex, body: Uint8Array, bytesPerSecond: number): Promise<void> {
  const step = Math.max(1, Math.round((bytesPerSecond * STEP_MS) / 1000))
  const pause = Math.max(STEP_MS, (step / bytesPerSecond) * 1000)
  for (let at = 0; at < body.length && !socket.destroyed; at += step) {
    await write(socket, body.subarray(at, at + step))
    await sleep(pause)
  }
}

/** Until the other side ends the connection. */
export const until = (socket: Duplex): Promise<void> =>
  socket.destroyed ? Promise.resolve() : new Promise((done) => socket.once('close', () => done()))
