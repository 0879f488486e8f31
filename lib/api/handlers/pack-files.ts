import { listFiles, readFile, readPicture } from '../../catalog/files'
import type { Handlers } from '../mount'
import type { packFileOperations } from '../operations/pack-files'
import { toTime } from '../wire/parts'

/** A picture of somebody else's, as a browser may be given one. Kept for ever where the address names its digest. */
function pictureOf(
  { bytes, type, digest }: { bytes: Uint8Array; type: string; digest: string },
  request: Request,
): Response {
  const etag = `"${digest}"`
  const forEver = new URL(request.url).searchParams.get('digest') === digest.slice(7, 23)
  const maxAge = forEver ? 31_536_000 : 300
  const headers = {
    etag,
    'cache-control': `private, max-age=${maxAge}${forEver ? ', immutable' : ''}`,
    expires: new Date(Date.now() + maxAge * 1000).toUTCString(),
    'content-type': type,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  }
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
  return new Response(Buffer.from(bytes), { status: 200, headers })
}

export const packFileHandlers: Handlers<typeof packFileOperations> = {
  async listPackFiles({ params }, { actor }) {
    const { files, more, notes, readAt } = await listFiles(actor, params.uid)
    return { packUid: params.uid, items: files, more, notes, readTime: toTime(readAt) }
  },
  readPackFile: ({ params, query }, { actor }) => readFile(actor, params.uid, query.path),
  async listPackImages({ params }, { actor }) {
    const { images, notes } = await listFiles(actor, params.uid)
    return { packUid: params.uid, items: images, notes }
  },
  readPackPicture: async ({ params, query }, { actor, request }) =>
    pictureOf(await readPicture(actor, params.uid, query.path), request),
  async readPackChangelog({ params }, { actor }) {
    const { changelog } = await listFiles(actor, params.uid)
    return { packUid: params.uid, ...(changelog ?? { from: '', text: '', isCut: false }) }
  },
}
