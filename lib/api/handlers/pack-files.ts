import { listFiles, readFile, readPicture } from '../../catalog/files'
import type { Handlers } from '../mount'
import type { packFileOperations } from '../operations/pack-files'
import { toTime } from '../wire/parts'
import { toPicture, YEAR_S } from './packs'

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
  async readPackPicture({ params, query }, { actor, request }) {
    const { bytes, digest } = await readPicture(actor, params.uid, query.path)
    // By path it may be another one after the next sync, unless the address names its digest.
    const forEver = new URL(request.url).searchParams.get('digest') === digest.slice(7, 23)
    return toPicture(request, bytes, digest, forEver ? YEAR_S : 300)
  },
  async readPackChangelog({ params }, { actor }) {
    const { changelog } = await listFiles(actor, params.uid)
    return { packUid: params.uid, ...(changelog ?? { from: '', text: '', isCut: false }) }
  },
}
