import { listFiles, readFile } from '../../catalog/files'
import type { Handlers } from '../mount'
import type { packFileOperations } from '../operations/pack-files'
import { toTime } from '../wire/parts'

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
}
