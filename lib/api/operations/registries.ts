import { z } from 'zod'

import { operations } from '../operation'
import { CheckInput, PreviewInput } from '../wire/check'
import { Flag, ListQuery, UidParams } from '../wire/parts'
import { RegistryProfiles } from '../wire/profile'
import {
  AnyRegistries,
  AnyRegistry,
  ApplyHeldInput,
  CheckResult,
  DiscardHeldInput,
  FilterPreview,
  HeldRemovals,
  PackAnswer,
  RegistriesMetadata,
  RunningSyncs,
  SyncFailures,
  SyncRunDetail,
  SyncRuns,
  VersionAnswer,
} from '../wire/registry'
import { Scope } from './scope'

export const registryOperations = operations({
  listRegistryNames: {
    permission: 'packRegistry.list',
    status: 200,
    query: z.object({ scope: Scope }),
    response: RegistriesMetadata,
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
  previewFilter: {
    permission: 'packRegistry.create',
    status: 200,
    body: PreviewInput,
    response: FilterPreview,
  },
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
  explainPack: {
    permission: 'packRegistry.get',
    status: 200,
    query: z.object({ name: z.string().max(256).default(''), version: z.string().max(256).default('') }),
    response: PackAnswer,
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
