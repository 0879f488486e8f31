import { z } from 'zod'

import { operations } from '../operation'
import { PackChangelog, PackFiles, PackFileText, PackImages } from '../wire/pack-files'
import { UidParams } from '../wire/parts'

const FileQuery = z.object({ path: z.string().min(1).max(2048) })

export const packFileOperations = operations({
  listPackFiles: { permission: 'pack.get', status: 200, params: UidParams, response: PackFiles },
  readPackFile: {
    permission: 'pack.get',
    status: 200,
    params: UidParams,
    query: FileQuery,
    response: PackFileText,
  },
  listPackImages: { permission: 'pack.get', status: 200, params: UidParams, response: PackImages },
  readPackPicture: { permission: 'pack.get', status: 200, params: UidParams, query: FileQuery, raw: true },
  readPackChangelog: { permission: 'pack.get', status: 200, params: UidParams, response: PackChangelog },
})
