import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import { head, write } from '../http'
import type { Fault } from '../registry'
import { cutAfter, hang, slow, status, until } from '../toxics'
import { at, EACH_SORT, EVERYWHERE, LISTINGS, type Scenario } from './case'
import { strikes, type World } from './world'

type Send = NonNullable<Fault['send']>

const sends = (send: Send) => (world: World) => ({ strikes: strikes(world), send })

const MIB = 1024 * 1024

/** Bytes without end, as fast as they are taken. */
const endless: Send = async (socket, sound) => {
  const { 'content-type': type = 'application/json' } = sound.headers
  await write(socket, `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n\r\n`)
  const chunk = Buffer.alloc(256 * 1024, 0x20)
  while (!socket.destroyed) await write(socket, chunk)
}

const raw =
  (text: (body: Buffer, type: string) => Buffer | string): Send =>
  async (socket, sound) => {
    await write(socket, text(Buffer.from(sound.body), sound.headers['content-type'] ?? 'text/plain'))
  }

const GZIP_BOMB = gzipSync(Buffer.alloc(32 * MIB, 0x20))
const BROTLI_BOMB = brotliCompressSync(Buffer.alloc(32 * MIB, 0x20), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 2 },
})
/** A frame that says that it has 2^60 bytes. @see https://www.rfc-editor.org/rfc/rfc8878 */
const ZSTD_BOMB = Buffer.from('28b52ffde0000000000000001002000020', 'hex')

/** A long body of one byte, packed 1:1000 and better. */
const bomb = (body: Uint8Array, encoding: string): NonNullable<Fault['lie']> => {
  return (sound) => ({
    ...sound,
    status: 200,
    headers: { ...sound.headers, 'content-encoding': encoding },
    body,
  })
}

/** HTTP that breaks its rules, or keeps nobody's. Cases 1 to 18 and 24. */
export const transport: Scenario[] = [
  ...at(EVERYWHERE, 1, 'a body without an end', { fault: sends(endless) }),
  ...at(EVERYWHERE, 2, 'a body of one byte at a time', { fault: sends(slow({ bytesPerSecond: 2 })) }),
  ...at(EACH_SORT, 3, 'headers of one byte at a time', {
    fault: sends(async (socket) => {
      await write(socket, 'HTTP/1.1 200 OK\r\nx-slow: ')
      while (!socket.destroyed) {
        await write(socket, 'a')
        await new Promise((done) => setTimeout(done, 100))
      }
    }),
  }),
  ...at(EACH_SORT, 3, 'no headers at all', { fault: sends(hang) }),
  ...at(EACH_SORT, 4, '4 MB of headers', {
    fault: sends(
      raw(() => `HTTP/1.1 200 OK\r\nx-long: ${'a'.repeat(4 * MIB)}\r\ncontent-length: 2\r\n\r\n{}`),
    ),
  }),
  ...at(EACH_SORT, 5, '10,000 headers', {
    fault: sends(raw(() => `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(10_000)}content-length: 2\r\n\r\n{}`)),
  }),
  ...at(EVERYWHERE, 6, 'a body shorter than it is said to be, and the end', {
    fault: sends(async (socket, sound) => {
      const body = Buffer.from(sound.body)
      await write(
        socket,
        head({ ...sound, headers: { ...sound.headers, 'content-length': String(body.length + 5) } }),
      )
      await write(socket, body)
      socket.end()
      await until(socket)
    }),
  }),
  ...at(EACH_SORT, 7, 'a body longer than it is said to be', {
    fault: sends(
      raw((body, type) => {
        const length = Math.max(1, Math.floor(body.length / 2))
        return Buffer.concat([
          Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`),
          body,
        ])
      }),
    ),
  }),
  ...at(EACH_SORT, 8, 'two lengths that differ', {
    fault: sends(
      raw((body, type) =>
        Buffer.concat([
          Buffer.from(
            `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\ncontent-length: 3\r\n\r\n`,
          ),
          body,
        ]),
      ),
    ),
  }),
  ...at(EACH_SORT, 9, 'chunks of the wrong size', {
    fault: sends(
      raw((body, type) =>
        Buffer.concat([
          Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`),
          Buffer.from(`${(body.length + 7).toString(16)}\r\n`),
          body,
          Buffer.from('\r\n0\r\n\r\nzzzzzzzzzz'),
        ]),
      ),
    ),
  }),
  ...[204, 206, 304].flatMap((code) =>
    at(EACH_SORT, 10, `a ${code} that nobody asked for`, {
      // A 304 to a question with a condition says that nothing is new: there is no telling that it is not so.
      ...(code === 304 && { ending: ['kept', 'aside', 'sound', 'unchanged'] as const }),
      fault: (world) => ({ strikes: strikes(world), lie: status(code) }),
    }),
  ),
  ...at(EACH_SORT, 11, 'a storm of 100 Continue', {
    fault: sends(async (socket) => {
      while (!socket.destroyed) await write(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(500))
    }),
  }),
  ...at(EVERYWHERE, 12, 'a reset in the middle of the body', { fault: sends(cutAfter(20, true)) }),
  ...at(EACH_SORT, 13, 'a gzip bomb', {
    fault: (world) => ({ strikes: strikes(world), lie: bomb(GZIP_BOMB, 'gzip') }),
  }),
  ...at(EACH_SORT, 14, 'one encoding in another', {
    fault: (world) => ({
      strikes: strikes(world),
      lie: (sound) => ({
        ...sound,
        headers: { ...sound.headers, 'content-encoding': 'gzip, gzip' },
        body: gzipSync(gzipSync(sound.body)),
      }),
    }),
  }),
  ...at(EACH_SORT, 15, 'a plain body that is called gzip', {
    // It is what was asked for, whatever it is called.
    ending: ['kept', 'aside', 'sound'],
    fault: (world) => ({
      strikes: strikes(world),
      lie: (sound) => ({ ...sound, headers: { ...sound.headers, 'content-encoding': 'gzip' } }),
    }),
  }),
  ...at(EACH_SORT, 16, 'a brotli bomb', {
    fault: (world) => ({ strikes: strikes(world), lie: bomb(BROTLI_BOMB, 'br') }),
  }),
  ...at(LISTINGS, 16, 'a zstd bomb, by its name', {
    fault: (world) => ({ strikes: strikes(world), lie: bomb(ZSTD_BOMB, 'zstd') }),
  }),
]
