import { z } from 'zod'

import { operations } from '../operation'
import { PackSearch } from '../wire/pack'

export const packExportOperations = operations({
  exportPacks: {
    permission: 'pack.list',
    status: 200,
    query: z.object({ format: z.enum(['csv', 'json'], 'Use csv or json').default('csv') }),
    body: PackSearch,
    raw: true,
  },
})
