import { z } from 'zod'

import { operations } from '../operation'
import { Flag } from '../wire/parts'
import {
  PackRegistries,
  PackRegistriesSummary,
  PackRegistry,
  PackRegistryInput,
  RegistrySpecInput,
} from '../wire/registry'
import { listOfKind, operationsOfKind } from './of-kind'
import { Scope } from './scope'

const one = operationsOfKind(PackRegistryInput, RegistrySpecInput, PackRegistry)
export const packRegistryOperations = operations({
  listPackRegistries: { ...listOfKind, response: PackRegistries },
  summarizePackRegistries: { ...listOfKind, response: PackRegistriesSummary },
  createPackRegistry: { ...one.create, query: z.object({ skipPackSync: Flag, scope: Scope }) },
  validatePackRegistry: one.validate,
  readPackRegistry: one.read,
  updatePackRegistry: { ...one.update, query: z.object({ skipPackSync: Flag }) },
  deletePackRegistry: one.delete,
  syncPackRegistry: one.sync,
  readPackRegistrySync: one.readSync,
})
