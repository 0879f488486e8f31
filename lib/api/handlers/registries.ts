import { AppError } from '../../errors'
import { listProfilesOfRegistry } from '../../profiles/used-by'
import { addRegistry } from '../../registries/add'
import { changeRegistry } from '../../registries/change'
import { checkInput, checkStored, validateInput } from '../../registries/check'
import { pauseRegistry } from '../../registries/pause'
import { listRegistries, readRegistry } from '../../registries/read'
import type { RegistryInput } from '../../registries/schema'
import type { ShownRegistry } from '../../registries/store'
import { cancelSync } from '../../sync/cancel'
import { applyHeld, discardHeld, readHeld } from '../../sync/held'
import { readFailures, readRun, readRuns } from '../../sync/history'
import { requestRetry, requestSync } from '../../sync/request'
import { watchSyncs } from '../../sync/watch'
import { explainVersion } from '../../sync/why'
import type { Handlers } from '../mount'
import type { registryOperations } from '../operations/registries'
import type { CheckSpecInput } from '../wire/check'
import { listMeta, offsetOf } from '../wire/list'
import { toTime } from '../wire/parts'
import type { PackRegistryInput, RegistrySpecInput } from '../wire/registry'
import { ociReach, ociSettingsOf } from './oci-registries'
import { deleteAny, syncAny } from './registry-actions'
import {
  toAuth,
  toAuthOut,
  toCommon,
  toMetadata,
  toProgress,
  toStatusExtras,
  toSyncStatus,
  toTls,
} from './registry-parts'

function toWire(row: ShownRegistry) {
  return {
    apiVersion: 'v1',
    kind: 'pack' as const,
    metadata: toMetadata(row),
    spec: {
      auth: toAuthOut(row),
      endpoint: row.endpoint,
      name: row.name,
      private: row.isPrivate,
      registryUid: row.id,
      scope: 'tenant' as const,
      packyard: { syncEveryMinutes: row.syncEveryMinutes, paused: row.paused },
    },
    status: { packSyncStatus: toSyncStatus(row), packyard: toStatusExtras(row) },
  }
}

/** A registry of any kind, as our own screens read it. */
function toAnyWire(row: ShownRegistry) {
  return {
    kind: row.kind as RegistryInput['kind'],
    metadata: toMetadata(row),
    spec: {
      auth: toAuthOut(row),
      endpoint: row.endpoint,
      private: row.isPrivate,
      syncEveryMinutes: row.syncEveryMinutes,
      paused: row.paused,
      ...(row.kind === 'oci' && { oci: ociSettingsOf(row) }),
    },
    status: { sync: toSyncStatus(row), packyard: toStatusExtras(row) },
  }
}

const toReach = (spec: RegistrySpecInput) => ({
  kind: 'pack' as const,
  endpoint: spec.endpoint,
  auth: toAuth(spec.auth),
  tls: toTls(spec.auth),
})

/** How a registry of any kind is reached, as it is entered before it is saved. */
const toAnyReach = (kind: RegistryInput['kind'], spec: CheckSpecInput) =>
  kind === 'oci' ? ociReach(spec) : { ...toReach(spec), kind }

const toInput = (
  { spec, metadata }: PackRegistryInput,
  paused: boolean,
  held?: ShownRegistry,
): RegistryInput => ({
  ...toReach(spec),
  ...toCommon({ metadata, name: spec.name, isPrivate: spec.private, extras: spec.packyard, paused }, held),
})

function toRun({ id, startedAt, finishedAt, bytes, outcome, tenantId: _, registryId: __, ...run }: SyncRun) {
  return {
    uid: id,
    startedTime: toTime(startedAt),
    finishedTime: finishedAt?.toISOString() ?? null,
    bytes: Number(bytes),
    outcome: outcome as 'running',
    ...run,
  }
}
type SyncRun = Awaited<ReturnType<typeof readRuns>>[number]

const toRunning = ({ id, ...row }: Awaited<ReturnType<typeof watchSyncs>>[number]) => ({
  registryUid: id,
  progress: toProgress(row),
})

const EVERYTHING = { skip: 0, take: 10_000 }

export const registryHandlers: Handlers<typeof registryOperations> = {
  async listRegistryNames({ query }, { actor }) {
    const { rows } = query.scope === 'system' ? { rows: [] } : await listRegistries(actor, EVERYTHING)
    return {
      items: rows.map((row) => ({
        uid: row.id,
        name: row.name,
        kind: row.kind,
        scope: 'tenant',
        isDefault: row.isDefault,
        isPrivate: row.isPrivate,
      })),
    }
  },
  async listPackRegistries({ query }, { actor }) {
    const offset = offsetOf(query)
    const { rows, count } = await listRegistries(actor, { skip: offset, take: query.limit }, 'pack')
    return { items: rows.map(toWire), listmeta: listMeta(query, offset, count) }
  },
  async createPackRegistry({ query, body }, { actor, headers }) {
    const { id, auditId } = await addRegistry(actor, toInput(body, query.skipPackSync))
    headers.set('audituid', auditId)
    return { uid: id }
  },
  async summarizePackRegistries({ query }, { actor }) {
    const offset = offsetOf(query)
    const { rows, count } = await listRegistries(actor, { skip: offset, take: query.limit }, 'pack')
    return {
      items: rows.map((row) => ({
        metadata: toMetadata(row),
        spec: { endpoint: row.endpoint, private: row.isPrivate, scope: 'tenant' as const },
        status: { sync: toSyncStatus(row), packyard: toStatusExtras(row) },
      })),
      listmeta: listMeta(query, offset, count),
    }
  },
  validatePackRegistry: ({ body }, { actor }) => validateInput(actor, toReach(body)),
  readPackRegistry: async ({ params }, { actor }) => toWire(await readRegistry(actor, params.uid, 'pack')),
  async updatePackRegistry({ params, query, body }, { actor }) {
    const held = await readRegistry(actor, params.uid, 'pack')
    await changeRegistry(actor, params.uid, toInput(body, query.skipPackSync, held))
  },
  deletePackRegistry: ({ params }, { actor }) => deleteAny(actor, params.uid, 'pack'),
  async syncPackRegistry({ params, query }, { actor, headers }) {
    headers.set('audituid', await syncAny(actor, params.uid, 'pack', query.forceSync))
  },
  readPackRegistrySync: async ({ params }, { actor }) =>
    toSyncStatus(await readRegistry(actor, params.uid, 'pack')),
  deleteRegistry: ({ params }, { actor }) => deleteAny(actor, params.uid),
  async listRegistries({ query }, { actor }) {
    const offset = offsetOf(query)
    const { rows, count } = await listRegistries(actor, { skip: offset, take: query.limit })
    return { items: rows.map(toAnyWire), listmeta: listMeta(query, offset, count) }
  },
  readRegistry: async ({ params }, { actor }) => toAnyWire(await readRegistry(actor, params.uid)),
  async syncRegistry({ params, query }, { actor, headers }) {
    headers.set('audituid', await requestSync(actor, params.uid, query.forceSync))
  },
  checkRegistry({ body }, { actor }) {
    if (body.registryUid) {
      if (body.spec)
        throw new AppError('invalid', 'Test a registry as it is stored, or give all of it: not both.', {
          fields: { spec: 'Leave it out, or leave registryUid out' },
        })
      return checkStored(actor, body.registryUid)
    }
    if (!body.spec) throw new AppError('invalid', 'Say what to test.', { fields: { spec: 'Missing' } })
    return checkInput(actor, toAnyReach(body.kind, body.spec))
  },
  async listSyncRuns({ params }, { actor }) {
    const runs = await readRuns(actor, params.uid)
    return { items: runs.map(toRun) }
  },
  async readSyncRun({ params }, { actor }) {
    const { run, items, more } = await readRun(actor, params.uid, params.runUid)
    return { ...toRun(run), items, more }
  },
  listRunningSyncs: async ({ query }, { actor }) => ({
    items: (await watchSyncs(actor, query.registryUid)).map(toRunning),
  }),
  async listSyncFailures({ params }, { actor }) {
    const failures = await readFailures(actor, params.uid)
    return {
      items: failures.map(({ name, version, reason, firstFailedAt, lastFailedAt }) => ({
        name,
        version,
        reason,
        firstFailedTime: toTime(firstFailedAt),
        lastFailedTime: toTime(lastFailedAt),
      })),
    }
  },
  async explainVersion({ params, query }, { actor }) {
    const { since, ...answer } = await explainVersion(actor, params.uid, query)
    return { ...answer, sinceTime: since?.toISOString() ?? null }
  },
  async cancelRegistrySync({ params }, { actor, headers }) {
    headers.set('audituid', await cancelSync(actor, params.uid))
  },
  async retryRegistry({ params }, { actor, headers }) {
    headers.set('audituid', await requestRetry(actor, params.uid))
  },
  async readHeldRemovals({ params }, { actor }) {
    const { held, kept } = await readHeld(actor, params.uid)
    const toList = ({ count, proposal, versions }: typeof held) => ({
      count,
      proposal,
      items: versions.map(({ name, version, heldAt }) => ({ name, version, heldTime: toTime(heldAt) })),
    })
    return {
      held: { ...toList(held), of: held.of, sinceTime: held.since?.toISOString() ?? null },
      kept: toList(kept),
    }
  },
  async applyHeldRemovals({ params, body }, { actor, headers }) {
    const { list, proposal = null } = body
    headers.set('audituid', await applyHeld(actor, params.uid, { list, proposal }))
  },
  async discardHeldRemovals({ params, body }, { actor, headers }) {
    headers.set('audituid', await discardHeld(actor, params.uid, body.proposal ?? null))
  },
  pauseRegistry: ({ params, body }, { actor }) => pauseRegistry(actor, params.uid, body.paused),
  async listRegistryProfiles({ params }, { actor }) {
    const { id } = await readRegistry(actor, params.uid)
    return { items: await listProfilesOfRegistry(actor, id) }
  },
}
