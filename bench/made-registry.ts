import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { PackFiles } from '@/lib/pack-format/archive'
import { CONTENT_FRAMES, type ContentsQuestion, frameLine } from '@/lib/pack-format/content-frames'
import { PACK_MEDIA_TYPES } from '@/lib/pack-format/media-types'
import { toOciPack } from '@/lib/pack-format/oci'

/**
 * Speaks the wire of our registry server and makes each pack when it is asked for: for catalogs so large that pushing
 * them would take hours. It says nothing about the speed of the real one.
 */
export async function startMadeRegistry(
  packs: number,
  versions: number,
  make: (pack: number, version: number) => PackFiles,
) {
  const places = new Map<string, [pack: number, version: number]>()
  const lines: string[] = []
  for (let pack = 0; pack < packs; pack++)
    for (let version = 0; version < versions; version++) {
      const files = make(pack, version)
      const { name, version: label } = JSON.parse(Buffer.from(files.get('pack.json')?.bytes ?? '').toString())
      const { digest } = (await toOciPack(files)).manifest
      places.set(digest, [pack, version])
      lines.push(
        `${JSON.stringify({ name, version: label, digest, tags: [label, `${label}-tag`], size: 1 })}\n`,
      )
    }
  const server = createServer(async (request, response) => {
    if (request.url === '/v1/_packyard/catalog') {
      response.writeHead(200, { 'content-type': 'application/x-ndjson', etag: '"made"' })
      for (let at = 0; at < lines.length; at += 500) await write(lines.slice(at, at + 500).join(''))
      return response.end(`${JSON.stringify({ end: true, count: lines.length })}\n`)
    }
    if (request.url === '/v1/') return response.end('{}')
    if (request.url !== '/v1/_packyard/contents') return response.writeHead(404).end()
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const question: ContentsQuestion = JSON.parse(Buffer.concat(chunks).toString())
    const known = new Set(question.held)
    response.writeHead(200, { 'content-type': CONTENT_FRAMES })
    for (const { name, digest } of question.packs) {
      const place = places.get(digest)
      if (!place) continue
      const { manifest, blobs } = await toOciPack(make(...place))
      const parts = blobs.filter((one) => one.mediaType !== PACK_MEDIA_TYPES.files && !known.has(one.digest))
      const all = [manifest, ...parts].flatMap(({ digest: blob, bytes }) => {
        known.add(blob)
        return [Buffer.from(frameLine({ blob, size: bytes.length })), bytes]
      })
      await write(Buffer.concat([...all, Buffer.from(frameLine({ pack: name, digest }))]))
    }
    return response.end(frameLine({ end: true }))

    function write(bytes: Buffer | string): Promise<void> {
      return new Promise((done) => {
        if (response.write(bytes) || response.destroyed) return done()
        const go = () => {
          response.off('drain', go).off('close', go)
          done()
        }
        response.on('drain', go).on('close', go)
      })
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((done) => server.close(done).closeAllConnections()),
  }
}
