import { z } from 'zod'

import { operations } from '../operation'
import {
  OciRegistries,
  OciRegistry,
  OciRegistryInput,
  OciRegistrySummary,
  OciSpecInput,
} from '../wire/oci-registry'
import { Flag } from '../wire/parts'
import { operationsOfKind } from './of-kind'

const one = operationsOfKind(OciRegistryInput, OciSpecInput, OciRegistry)
const query = z.object({ skipPackSync: Flag })

export const ociRegistryOperations = operations({
  summarizeOciRegistries: { permission: 'packRegistry.list', status: 200, response: OciRegistries },
  readOciRegistrySummary: { ...one.read, response: OciRegistrySummary },
  createOciRegistry: { ...one.create, query },
  validateOciRegistry: one.validate,
  readOciRegistry: one.read,
  updateOciRegistry: { ...one.update, query },
  deleteOciRegistry: one.delete,
  syncOciRegistry: one.sync,
  readOciRegistrySync: one.readSync,
})
