import { z } from 'zod'

import { operations } from '../operation'
import { Flag, ListQuery } from '../wire/parts'
import {
  PackRegistries,
  PackRegistriesSummary,
  PackRegistry,
  PackRegistryInput,
  RegistrySpecInput,
} from '../wire/registry'
import { operationsOfKind } from './of-kind'
import { Scope } from './scope'

const one = operationsOfKind(PackRegistryInput, RegistrySpecInput, PackRegistry)
const list = {
  permission: 'packRegistry.list',
  status: 200,
  query: ListQuery.extend({ scope: Scope }),
} as const

export const packRegistryOperations = operations({
  listPackRegistries: { ...list, response: PackRegistries },
  summarizePackRegistries: { ...list, response: PackRegistriesSummary },
  createPackRegistry: { ...one.create, query: z.object({ skipPackSync: Flag, scope: Scope }) },
  validatePackRegistry: one.validate,
  readPackRegistry: one.read,
  updatePackRegistry: { ...one.update, query: z.object({ skipPackSync: Flag }) },
  deletePackRegistry: one.delete,
  syncPackRegistry: one.sync,
  readPackRegistrySync: one.readSync,
})
