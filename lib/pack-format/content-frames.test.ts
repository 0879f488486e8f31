import { expect, test } from 'vitest'

import { type ContentFrame, frameLine, readFrames } from './content-frames'
import { digestOf } from './oci'

const one = Buffer.from('{"a":\n1}')
const large = Buffer.alloc(5000, 'x')
const digest = digestOf(Buffer.from('manifest'))
const whole = Buffer.concat([
  Buffer.from(frameLine({ blob: digestOf(one), size: one.length })),
  one,
  Buffer.from(frameLine({ blob: digestOf(large), size: large.length })),
  large,
  Buffer.from(frameLine({ blob: digestOf(Buffer.alloc(0)), size: 0 })),
  Buffer.from(frameLine({ pack: 'dex', digest })),
  Buffer.from(frameLine({ pack: 'vault', digest, error: 'There is no such pack here' })),
  Buffer.from(frameLine({ end: true })),
])

async function read(bytes: Uint8Array, step = bytes.length || 1, limit = 10_000) {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
  }
  const frames: ContentFrame[] = []
  for await (const frame of readFrames(chunks(), limit)) frames.push(frame)
  return frames.map((frame) =>
    frame.is === 'blob' ? { ...frame, bytes: Buffer.from(frame.bytes).toString() } : frame,
  )
}

test.each([1, 3, 7, 64, 100_000])(
  'what was written is read back however it arrives, %i bytes at a time',
  async (step) => {
    expect(await read(whole, step)).toEqual([
      { is: 'blob', digest: digestOf(one), bytes: one.toString() },
      { is: 'blob', digest: digestOf(large), bytes: large.toString() },
      { is: 'blob', digest: digestOf(Buffer.alloc(0)), bytes: '' },
      { is: 'pack', name: 'dex', digest, error: undefined },
      { is: 'pack', name: 'vault', digest, error: 'There is no such pack here' },
      { is: 'end' },
    ])
  },
)

test('an answer that is cut at any place is not taken for a whole one', async () => {
  for (let end = 0; end < whole.length; end += 97)
    await expect(read(whole.subarray(0, end))).rejects.toThrow('ended too early')
})

test.each([
  ['a blob larger than is taken', frameLine({ blob: digest, size: 10_001 }), 'A blob has'],
  ['a line without an end', 'x'.repeat(3000), 'no end'],
  ['a line that is no JSON', 'x\n', 'no JSON'],
  ['a blob of negative size', `{"blob":"${digest}","size":-1}\n`, 'none that we know'],
  ['a digest that is none', '{"blob":"md5:1","size":1}\n', 'none that we know'],
  ['something after the end', `${frameLine({ end: true })}{"end":true}\n`, 'goes on'],
])('%s is refused', async (_what, text, message) => {
  await expect(read(Buffer.from(text))).rejects.toThrow(message)
})
