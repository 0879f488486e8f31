import { z } from 'zod'

import { operations } from '../operation'
import { CheckInput } from '../wire/check'
import { Flag, ListQuery, Uid, UidParams } from '../wire/parts'
import { RegistryProfiles } from '../wire/profile'
import {
  AnyRegistries,
  AnyRegistry,
  ApplyHeldInput,
  CheckResult,
  DiscardHeldInput,
  HeldRemovals,
  PackRegistries,
  PackRegistriesSummary,
  PackRegistry,
  PackRegistryInput,
  RegistriesMetadata,
  RegistrySpecInput,
  RunningSyncs,
  SyncFailures,
  SyncRunDetail,
  SyncRuns,
  SyncStatus,
  VersionAnswer,
} from '../wire/registry'

export const Scope = z.enum(['system', 'tenant', 'all', '']).default('')

export const registryOperations = operations({
  listRegistryNames: {
    permission: 'packRegistry.list',
    status: 200,
    query: z.object({ scope: Scope }),
    response: RegistriesMetadata,
  },
  listPackRegistries: {
    permission: 'packRegistry.list',
    status: 200,
    query: ListQuery.extend({ scope: Scope }),
    response: PackRegistries,
  },
  createPackRegistry: {
    permission: 'packRegistry.create',
    status: 201,
    query: z.object({ skipPackSync: Flag, scope: Scope }),
    body: PackRegistryInput,
    response: Uid,
  },
  summarizePackRegistries: {
    permission: 'packRegistry.list',
    status: 200,
    query: ListQuery.extend({ scope: Scope }),
    response: PackRegistriesSummary,
  },
  validatePackRegistry: { permission: 'packRegistry.create', status: 204, body: RegistrySpecInput },
  readPackRegistry: {
    permission: 'packRegistry.get',
    status: 200,
    params: UidParams,
    response: PackRegistry,
  },
  updatePackRegistry: {
    permission: 'packRegistry.update',
    status: 204,
    params: UidParams,
    query: z.object({ skipPackSync: Flag }),
    body: PackRegistryInput,
  },
  deletePackRegistry: { permission: 'packRegistry.delete', status: 204, params: UidParams },
  syncPackRegistry: {
    permission: 'packRegistry.update',
    status: 202,
    params: UidParams,
    query: z.object({ forceSync: Flag }),
  },
  readPackRegistrySync: {
    permission: 'packRegistry.get',
    status: 200,
    params: UidParams,
    response: SyncStatus,
  },
  deleteRegistry: { permission: 'packRegistry.delete', status: 204, params: UidParams },
  listRegistries: { permission: 'packRegistry.list', status: 200, query: ListQuery, response: AnyRegistries },
  readRegistry: { permission: 'packRegistry.get', status: 200, params: UidParams, response: AnyRegistry },
  syncRegistry: {
    permission: 'packRegistry.update',
    status: 202,
    params: UidParams,
    query: z.object({ forceSync: Flag }),
  },
  checkRegistry: { permission: 'packRegistry.create', status: 200, body: CheckInput, response: CheckResult },
  listSyncRuns: { permission: 'packRegistry.get', status: 200, params: UidParams, response: SyncRuns },
  readSyncRun: {
    permission: 'packRegistry.get',
    status: 200,
    params: UidParams.extend({ runUid: UidParams.shape.uid }),
    response: SyncRunDetail,
  },
  listRunningSyncs: {
    permission: 'packRegistry.list',
    status: 200,
    query: z.object({ registryUid: UidParams.shape.uid.optional() }),
    response: RunningSyncs,
  },
  listSyncFailures: {
    permission: 'packRegistry.get',
    status: 200,
    params: UidParams,
    response: SyncFailures,
  },
  explainVersion: {
    permission: 'packRegistry.get',
    status: 200,
    params: UidParams,
    query: z.object({ name: z.string().max(256).default(''), version: z.string().max(256).default('') }),
    response: VersionAnswer,
  },
  cancelRegistrySync: { permission: 'packRegistry.update', status: 202, params: UidParams },
  retryRegistry: { permission: 'packRegistry.update', status: 202, params: UidParams },
  readHeldRemovals: {
    permission: 'packRegistry.get',
    status: 200,
    params: UidParams,
    response: HeldRemovals,
  },
  applyHeldRemovals: {
    permission: 'packRegistry.update',
    status: 204,
    params: UidParams,
    body: ApplyHeldInput,
  },
  discardHeldRemovals: {
    permission: 'packRegistry.update',
    status: 204,
    params: UidParams,
    body: DiscardHeldInput,
  },
  pauseRegistry: {
    permission: 'packRegistry.update',
    status: 204,
    params: UidParams,
    body: z.object({ paused: z.boolean() }),
  },
  listRegistryProfiles: {
    permission: 'packRegistry.get',
    status: 200,
    params: UidParams,
    response: RegistryProfiles,
  },
})
