import { AppError } from '../../errors'
import { listProfilesOfRegistry } from '../../profiles/used-by'
import { addRegistry } from '../../registries/add'
import { changeRegistry } from '../../registries/change'
import { checkInput, checkStored, validateInput } from '../../registries/check'
import { pauseRegistry } from '../../registries/pause'
import { listRegistries, readRegistry } from '../../registries/read'
import { removeRegistry } from '../../registries/remove'
import { type RegistryInput, SYNC_MINUTES } from '../../registries/schema'
import { stateOf, syncStatusOf } from '../../registries/state'
import type { ShownRegistry } from '../../registries/store'
import { readFailures, readRuns } from '../../sync/history'
import { requestSync } from '../../sync/request'
import type { Handlers } from '../mount'
import type { registryOperations } from '../operations/registries'
import { listMeta, offsetOf } from '../wire/list'
import { toTime } from '../wire/parts'
import type { PackRegistryInput, RegistrySpecInput } from '../wire/registry'

const MASK = '********'
const WIRE_AUTH = { none: 'noAuth', basic: 'basic', token: 'token' } as const

const SYNC_MESSAGES = {
  Pending: 'Waiting for its turn.',
  InProgress: 'Reading the catalog.',
  Completed: 'The catalog is in sync.',
} as const

function toSyncStatus(row: ShownRegistry) {
  const status = syncStatusOf(row)
  return {
    status,
    message: status === 'Failed' ? row.lastMessage : SYNC_MESSAGES[status],
    lastRunTime: toTime(row.lastRunAt),
    lastSyncedTime: toTime(row.lastSyncedAt),
    isSyncSupported: true,
  }
}

function toStatusExtras(row: ShownRegistry) {
  return {
    state: stateOf(row),
    step: row.lastStep,
    reason: row.lastMessage,
    fix: row.lastFix,
    packs: row.packs,
    versions: row.versions,
    failing: row.failing,
    syncEveryMinutes: row.syncEveryMinutes,
    nextSyncTime: row.dueAt?.toISOString() ?? null,
  }
}

const strings = (value: unknown) => value as Record<string, string>

function toMetadata(row: ShownRegistry) {
  return {
    name: row.name,
    uid: row.id,
    labels: strings(row.labels),
    annotations: strings(row.annotations),
    creationTimestamp: toTime(row.createdAt),
    lastModifiedTimestamp: toTime(row.updatedAt),
  }
}

function toWire(row: ShownRegistry) {
  const type = WIRE_AUTH[row.authType as keyof typeof WIRE_AUTH]
  return {
    apiVersion: 'v1',
    kind: 'pack' as const,
    metadata: toMetadata(row),
    spec: {
      auth: {
        type,
        ...(type === 'basic' && { username: row.username }),
        ...(type === 'basic' && row.hasSecret && { password: MASK as typeof MASK }),
        ...(type === 'token' && row.hasSecret && { token: MASK as typeof MASK }),
        tls: {
          enabled: row.endpoint.startsWith('https:'),
          insecureSkipVerify: row.insecureSkipVerify,
          ca: row.ca,
        },
      },
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

/** Absent, empty or asterisks: the client does not know the secret and means the stored one. */
const secretOf = (given: string | undefined) => (given && !/^\*+$/.test(given) ? given : undefined)

function toAuth({ type, username, password, token }: RegistrySpecInput['auth']): RegistryInput['auth'] {
  if (type === 'basic') return { type, username: username ?? '', password: secretOf(password) }
  return type === 'token' ? { type, token: secretOf(token) } : { type: 'none' }
}

/** Clients of the original put the CA certificate into `certificate`; `ca` exists besides. */
function toTls({ tls }: RegistrySpecInput['auth']): RegistryInput['tls'] {
  if (tls?.key)
    throw new AppError('invalid', 'Client certificates are not taken yet. Leave the key out.', {
      fields: { 'spec.auth.tls.key': 'Not taken yet' },
    })
  const ca = [tls?.ca, tls?.certificate].filter((pem) => pem?.trim()).join('\n')
  return { ca, insecureSkipVerify: tls?.insecureSkipVerify ?? false }
}

const toReach = (spec: RegistrySpecInput) => ({
  kind: 'pack' as const,
  endpoint: spec.endpoint,
  auth: toAuth(spec.auth),
  tls: toTls(spec.auth),
})

function toInput(body: PackRegistryInput, paused: boolean, held?: ShownRegistry): RegistryInput {
  const { spec, metadata } = body
  return {
    ...toReach(spec),
    name: metadata?.name ?? spec.name ?? held?.name ?? '',
    syncEveryMinutes: spec.packyard?.syncEveryMinutes ?? held?.syncEveryMinutes ?? SYNC_MINUTES.default,
    paused: paused || (spec.packyard?.paused ?? held?.paused ?? false),
    isPrivate: spec.private ?? held?.isPrivate ?? true,
    labels: metadata?.labels ?? strings(held?.labels ?? {}),
    annotations: metadata?.annotations ?? strings(held?.annotations ?? {}),
  }
}

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
    const { rows, count } = await listRegistries(actor, { skip: offset, take: query.limit })
    return { items: rows.map(toWire), listmeta: listMeta(query, offset, count) }
  },
  async createPackRegistry({ query, body }, { actor, headers }) {
    const { id, auditId } = await addRegistry(actor, toInput(body, query.skipPackSync))
    headers.set('audituid', auditId)
    return { uid: id }
  },
  async summarizePackRegistries({ query }, { actor }) {
    const offset = offsetOf(query)
    const { rows, count } = await listRegistries(actor, { skip: offset, take: query.limit })
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
  readPackRegistry: async ({ params }, { actor }) => toWire(await readRegistry(actor, params.uid)),
  async updatePackRegistry({ params, query, body }, { actor }) {
    const held = await readRegistry(actor, params.uid)
    await changeRegistry(actor, params.uid, toInput(body, query.skipPackSync, held))
  },
  async deletePackRegistry({ params }, { actor }) {
    try {
      await removeRegistry(actor, params.uid)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error
      // Who uses it, the registry does not know.
      const profiles = await listProfilesOfRegistry(actor, params.uid)
      throw new AppError('conflict', error.message, { cause: error, data: { profiles } })
    }
  },
  async syncPackRegistry({ params }, { actor, headers }) {
    headers.set('audituid', await requestSync(actor, params.uid))
  },
  readPackRegistrySync: async ({ params }, { actor }) => toSyncStatus(await readRegistry(actor, params.uid)),
  checkRegistry({ body }, { actor }) {
    if (body.registryUid) {
      if (body.spec)
        throw new AppError('invalid', 'Test a registry as it is stored, or give all of it: not both.', {
          fields: { spec: 'Leave it out, or leave registryUid out' },
        })
      return checkStored(actor, body.registryUid)
    }
    if (!body.spec) throw new AppError('invalid', 'Say what to test.', { fields: { spec: 'Missing' } })
    return checkInput(actor, toReach(body.spec))
  },
  async listSyncRuns({ params }, { actor }) {
    const runs = await readRuns(actor, params.uid)
    return {
      items: runs.map(
        ({ id, startedAt, finishedAt, bytes, outcome, tenantId: _, registryId: __, ...run }) => ({
          uid: id,
          startedTime: toTime(startedAt),
          finishedTime: finishedAt?.toISOString() ?? null,
          bytes: Number(bytes),
          outcome: outcome as 'running',
          ...run,
        }),
      ),
    }
  },
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
  pauseRegistry: ({ params, body }, { actor }) => pauseRegistry(actor, params.uid, body.paused),
  async listRegistryProfiles({ params }, { actor }) {
    const { id } = await readRegistry(actor, params.uid)
    return { items: await listProfilesOfRegistry(actor, id) }
  },
}
