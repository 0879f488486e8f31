import { z } from 'zod'

import { operations } from '../operation'
import {
  OciRegistries,
  OciRegistry,
  OciRegistryInput,
  OciRegistrySummary,
  OciSpecInput,
} from '../wire/oci-registry'
import { Flag, Uid, UidParams } from '../wire/parts'
import { SyncStatus } from '../wire/registry'

export const ociRegistryOperations = operations({
  summarizeOciRegistries: { permission: 'packRegistry.list', status: 200, response: OciRegistries },
  readOciRegistrySummary: {
    permission: 'packRegistry.get',
    status: 200,
    params: UidParams,
    response: OciRegistrySummary,
  },
  createOciRegistry: {
    permission: 'packRegistry.create',
    status: 201,
    query: z.object({ skipPackSync: Flag }),
    body: OciRegistryInput,
    response: Uid,
  },
  validateOciRegistry: { permission: 'packRegistry.create', status: 204, body: OciSpecInput },
  readOciRegistry: { permission: 'packRegistry.get', status: 200, params: UidParams, response: OciRegistry },
  updateOciRegistry: {
    permission: 'packRegistry.update',
    status: 204,
    params: UidParams,
    query: z.object({ skipPackSync: Flag }),
    body: OciRegistryInput,
  },
  deleteOciRegistry: { permission: 'packRegistry.delete', status: 204, params: UidParams },
  syncOciRegistry: {
    permission: 'packRegistry.update',
    status: 202,
    params: UidParams,
    query: z.object({ forceSync: Flag }),
  },
  readOciRegistrySync: {
    permission: 'packRegistry.get',
    status: 200,
    params: UidParams,
    response: SyncStatus,
  },
})
