import { z } from 'zod'

import { operations } from '../operation'
import { PackFiles, PackFileText, PackImages } from '../wire/pack-files'
import { UidParams } from '../wire/parts'

export const packFileOperations = operations({
  listPackFiles: { permission: 'pack.get', status: 200, params: UidParams, response: PackFiles },
  readPackFile: {
    permission: 'pack.get',
    status: 200,
    params: UidParams,
    query: z.object({ path: z.string().min(1).max(2048) }),
    response: PackFileText,
  },
  listPackImages: { permission: 'pack.get', status: 200, params: UidParams, response: PackImages },
})
