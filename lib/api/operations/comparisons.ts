import { z } from 'zod'

import { UID } from '../../uid'
import { operations } from '../operation'
import { PackComparison, PackFileComparison } from '../wire/comparison'
import { Flag } from '../wire/parts'

const Uid = z.string().regex(UID, 'Name two versions by their uids, 24 hex digits each')
const TwoVersions = z.object({ left: Uid, right: Uid })

export const comparisonOperations = operations({
  comparePacks: {
    permission: 'pack.get',
    status: 200,
    /** `files`: manifests and charts too, which may have to be read from the registry. */
    query: TwoVersions.extend({ files: Flag }),
    response: PackComparison,
  },
  comparePackFile: {
    permission: 'pack.get',
    status: 200,
    query: TwoVersions.extend({ path: z.string().min(1).max(512) }),
    response: PackFileComparison,
  },
})
