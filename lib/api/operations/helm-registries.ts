import { z } from 'zod'

import { operations } from '../operation'
import {
  HelmRegistries,
  HelmRegistriesSummary,
  HelmRegistry,
  HelmRegistryInput,
  HelmSpecInput,
} from '../wire/helm-registry'
import { Flag, ListQuery, Uid, UidParams } from '../wire/parts'
import { SyncStatus } from '../wire/registry'
import { Scope } from './registries'

export const helmRegistryOperations = operations({
  listHelmRegistries: {
    permission: 'packRegistry.list',
    status: 200,
    query: ListQuery.extend({ scope: Scope }),
    response: HelmRegistries,
  },
  createHelmRegistry: {
    permission: 'packRegistry.create',
    status: 201,
    query: z.object({ scope: Scope }),
    body: HelmRegistryInput,
    response: Uid,
  },
  summarizeHelmRegistries: {
    permission: 'packRegistry.list',
    status: 200,
    query: ListQuery.extend({ scope: Scope }),
    response: HelmRegistriesSummary,
  },
  validateHelmRegistry: { permission: 'packRegistry.create', status: 204, body: HelmSpecInput },
  readHelmRegistry: {
    permission: 'packRegistry.get',
    status: 200,
    params: UidParams,
    response: HelmRegistry,
  },
  updateHelmRegistry: {
    permission: 'packRegistry.update',
    status: 204,
    params: UidParams,
    body: HelmRegistryInput,
  },
  deleteHelmRegistry: { permission: 'packRegistry.delete', status: 204, params: UidParams },
  syncHelmRegistry: {
    permission: 'packRegistry.update',
    status: 202,
    params: UidParams,
    query: z.object({ forceSync: Flag }),
  },
  readHelmRegistrySync: {
    permission: 'packRegistry.get',
    status: 200,
    params: UidParams,
    response: SyncStatus,
  },
})
