import { AppError } from '../../errors'
import { listProfilesOfRegistry } from '../../profiles/used-by'
import { checkInput, checkStored } from '../../registries/check'
import { pauseRegistry } from '../../registries/pause'
import { listRegistries, readRegistry } from '../../registries/read'
import type { RegistryInput } from '../../registries/schema'
import type { ShownRegistry } from '../../registries/store'
import { cancelSync } from '../../sync/cancel'
import { applyHeld, discardHeld, readHeld } from '../../sync/held'
import { readFailures, readRun, readRuns } from '../../sync/history'
import { previewFilter } from '../../sync/preview'
import { requestRetry, requestSync } from '../../sync/request'
import { watchSyncs } from '../../sync/watch'
import { type Answer, explainPack, explainVersion } from '../../sync/why'
import type { Handlers } from '../mount'
import type { registryOperations } from '../operations/registries'
import type { CheckSpecInput } from '../wire/check'
import { toTime } from '../wire/parts'
import { ociReach, ociSettingsOf } from './oci-registries'
import { pageOf } from './of-kind'
import { deleteAny } from './registry-actions'
import {
  toAuthOut,
  toMetadata,
  toProgress,
  toReach,
  toSpecExtras,
  toStatusExtras,
  toSyncStatus,
} from './registry-parts'

/** A registry of any kind, as our own screens read it. */
function toAnyWire(row: ShownRegistry) {
  return {
    kind: row.kind as RegistryInput['kind'],
    metadata: toMetadata(row),
    spec: {
      auth: toAuthOut(row),
      endpoint: row.endpoint,
      private: row.isPrivate,
      ...toSpecExtras(row),
      ...(row.kind === 'oci' && { oci: ociSettingsOf(row) }),
    },
    status: { sync: toSyncStatus(row), packyard: toStatusExtras(row) },
  }
}

/** How a registry of any kind is reached, as it is entered before it is saved. */
const REACH = {
  pack: (spec) => toReach('pack', spec),
  helm: (spec) => toReach('helm', spec),
  oci: (spec) => ociReach(spec),
} satisfies Record<RegistryInput['kind'], (spec: CheckSpecInput) => object>

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

const toVersionAnswer = ({ since, trouble, ...answer }: Answer) => ({
  ...answer,
  sinceTime: since?.toISOString() ?? null,
  ...{ trouble: trouble?.message ?? '', troubleSinceTime: trouble?.since.toISOString() ?? null },
})

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
  deleteRegistry: ({ params }, { actor }) => deleteAny(actor, params.uid),
  listRegistries: pageOf(toAnyWire),
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
    return checkInput(actor, REACH[body.kind](body.spec))
  },
  previewFilter({ body }, { actor }) {
    if (body.registryUid && body.spec)
      throw new AppError('invalid', 'Preview a registry as it is stored, or give all of it: not both.', {
        fields: { spec: 'Leave it out, or leave registryUid out' },
      })
    if (body.registryUid) return previewFilter(actor, { id: body.registryUid }, body.filter)
    if (!body.spec) throw new AppError('invalid', 'Say of what.', { fields: { spec: 'Missing' } })
    return previewFilter(actor, REACH[body.kind](body.spec), body.filter)
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
  explainVersion: async ({ params, query }, { actor }) =>
    toVersionAnswer(await explainVersion(actor, params.uid, query)),
  async explainPack({ query }, { actor }) {
    const { answers, isMore } = await explainPack(actor, query)
    return {
      isHere: answers.some((one) => one.isHere),
      registries: answers.map(({ id, name, kind, ...answer }) => ({
        ...{ uid: id, name, kind },
        ...toVersionAnswer(answer),
      })),
      isMore,
    }
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
