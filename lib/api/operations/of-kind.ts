import { z } from 'zod'

import { Flag, ListQuery, Uid, UidParams } from '../wire/parts'
import { SyncStatus } from '../wire/registry'
import { Scope } from './scope'

/** What is asked of one registry is the same for every kind but for its shapes. A kind adds what it has of its own. */
export const operationsOfKind = <Input extends z.ZodType, Spec extends z.ZodType, Out extends z.ZodType>(
  input: Input,
  spec: Spec,
  out: Out,
) =>
  ({
    create: { permission: 'packRegistry.create', status: 201, body: input, response: Uid },
    validate: { permission: 'packRegistry.create', status: 204, body: spec },
    read: { permission: 'packRegistry.get', status: 200, params: UidParams, response: out },
    update: { permission: 'packRegistry.update', status: 204, params: UidParams, body: input },
    delete: { permission: 'packRegistry.delete', status: 204, params: UidParams },
    sync: {
      permission: 'packRegistry.update',
      status: 202,
      params: UidParams,
      query: z.object({ forceSync: Flag }),
    },
    readSync: { permission: 'packRegistry.get', status: 200, params: UidParams, response: SyncStatus },
  }) as const

/** A page of the registries of one kind. */
export const listOfKind = {
  permission: 'packRegistry.list',
  status: 200,
  query: ListQuery.extend({ scope: Scope }),
} as const
