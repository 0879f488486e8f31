import { z } from 'zod'

import { operations } from '../operation'
import { AgingPacks, ChangeQuery, Changes, LifeCycle } from '../wire/change'
import { UidParams } from '../wire/parts'

export const changeOperations = operations({
  listChanges: { permission: 'pack.list', status: 200, query: ChangeQuery, response: Changes },
  readLifeCycle: { permission: 'pack.get', status: 200, params: UidParams, response: LifeCycle },
  listAgingPacks: {
    permission: 'clusterProfile.list',
    status: 200,
    query: z.object({ profileUid: UidParams.shape.uid.optional() }),
    response: AgingPacks,
  },
})
