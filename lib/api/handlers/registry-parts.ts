import { conditionsOf } from '../../registries/conditions'
import type { RegistryInput } from '../../registries/schema'
import { PackFilter, SYNC_MINUTES, SyncProgress } from '../../registries/schema'
import { stateOf, syncStatusOf } from '../../registries/state'
import type { ShownRegistry } from '../../registries/store'
import { toTime } from '../wire/parts'
import type { AuthInput, RegistryExtras } from '../wire/registry'

// What the answers and bodies about registries of every kind have in common.

const MASK = '********'
const WIRE_AUTH = { none: 'noAuth', basic: 'basic', token: 'token' } as const

const SYNC_MESSAGES = {
  Pending: 'Waiting for its turn.',
  InProgress: 'Reading the catalog.',
  Completed: 'The catalog is in sync.',
} as const

export function toSyncStatus(row: ShownRegistry) {
  const status = syncStatusOf(row)
  return {
    status,
    message:
      status === 'Failed'
        ? row.lastMessage || 'It was paused before its first sync. Resume it, and it syncs at once.'
        : status === 'Completed' && row.held > 0
          ? 'The registry no longer lists many versions. They stay until a person decides.'
          : SYNC_MESSAGES[status],
    lastRunTime: toTime(row.lastRunAt),
    lastSyncedTime: toTime(row.lastSyncedAt),
    isSyncSupported: true,
  }
}

/** @param row with what a running sync wrote to it */
export function toProgress({ runId, lastRunAt, progress }: Running) {
  if (runId === null) return null
  const begun = {
    step: 'connecting',
    done: 0,
    of: null,
    perSecond: null,
    failed: 0,
    requests: 0,
    bytes: 0,
  } as const
  return {
    ...(SyncProgress.safeParse(progress).data ?? begun),
    runUid: runId,
    startedTime: toTime(lastRunAt),
  }
}
type Running = Pick<ShownRegistry, 'runId' | 'lastRunAt'> & { progress: unknown }

export function toStatusExtras(row: ShownRegistry) {
  return {
    state: stateOf(row),
    conditions: conditionsOf(row, new Date()).map(({ since, ...condition }) => ({
      ...condition,
      sinceTime: toTime(since),
    })),
    settingsRevision: row.settingsRevision,
    progress: toProgress(row),
    pause: row.paused ? { by: row.pausedBy, sinceTime: toTime(row.pausedSince) } : null,
    step: row.lastStep,
    reason: row.lastMessage,
    fix: row.lastFix,
    packs: row.packs,
    versions: row.versions,
    failing: row.failing,
    held: row.held,
    syncEveryMinutes: row.syncEveryMinutes,
    nextSyncTime: row.dueAt?.toISOString() ?? null,
  }
}

/** What stands beside what the original has, as it is answered. */
export const toSpecExtras = (row: ShownRegistry) => ({
  syncEveryMinutes: row.syncEveryMinutes,
  paused: row.paused,
  filter: filterOf(row),
})

const filterOf = (row: ShownRegistry) => PackFilter.parse(row.filter)

const strings = (value: unknown) => value as Record<string, string>

export function toMetadata(row: ShownRegistry) {
  return {
    name: row.name,
    uid: row.id,
    labels: strings(row.labels),
    annotations: strings(row.annotations),
    creationTimestamp: toTime(row.createdAt),
    lastModifiedTimestamp: toTime(row.updatedAt),
  }
}

/** A registry in a summary of many. @param spec what its kind tells besides */
export const toSummary = <Spec extends object>(row: ShownRegistry, spec: Spec) => ({
  metadata: toMetadata(row),
  spec: { endpoint: row.endpoint, scope: 'tenant' as const, ...spec },
  status: { sync: toSyncStatus(row), packyard: toStatusExtras(row) },
})

/** How one signs in, without the secret. */
export function toAuthOut(row: ShownRegistry) {
  const type = WIRE_AUTH[row.authType as keyof typeof WIRE_AUTH]
  return {
    type,
    ...(type === 'basic' && { username: row.username }),
    ...(type === 'basic' && row.hasSecret && { password: MASK as typeof MASK }),
    ...(type === 'token' && row.hasSecret && { token: MASK as typeof MASK }),
    tls: {
      enabled: row.endpoint.startsWith('https:'),
      insecureSkipVerify: row.insecureSkipVerify,
      ca: row.ca,
      ...(row.clientCertificate && { certificate: row.clientCertificate, key: MASK as typeof MASK }),
    },
  }
}

/** Absent, empty or asterisks: the client does not know the secret and means the stored one. */
const secretOf = (given: string | undefined) => (given && !/^\*+$/.test(given) ? given : undefined)

function toAuth({ type, username, password, token }: AuthInput): RegistryInput['auth'] {
  if (type === 'basic') return { type, username: username ?? '', password: secretOf(password) }
  return type === 'token' ? { type, token: secretOf(token) } : { type: 'none' }
}

/**
 * Clients of the original put the CA certificate into `certificate`; `ca` exists besides. With a key beside it, given or
 * as asterisks, it is what we show of ourselves.
 */
function toTls({ tls }: AuthInput): RegistryInput['tls'] {
  const insecureSkipVerify = tls?.insecureSkipVerify ?? false
  if (tls?.key)
    return {
      ...{ ca: tls.ca ?? '', insecureSkipVerify },
      client: { certificate: tls.certificate ?? '', key: secretOf(tls.key) },
    }
  const ca = [tls?.ca, tls?.certificate].filter((pem) => pem?.trim()).join('\n')
  return { ca, insecureSkipVerify }
}

/** How a registry is reached that needs nothing of its kind's own. */
export const toReach = <K extends RegistryInput['kind']>(
  kind: K,
  { endpoint, auth }: { endpoint: string; auth: AuthInput },
) => ({ kind, endpoint, auth: toAuth(auth), tls: toTls(auth) })

interface Given {
  metadata?: { name?: string; labels?: Record<string, string>; annotations?: Record<string, string> }
  name?: string
  isPrivate?: boolean
  extras?: RegistryExtras
  /** Whether it is to be neither tested nor synced now. */
  paused: boolean
}

/** What of a registry does not depend on its kind. What is absent stays as it is held. */
export function toCommon({ metadata, name, isPrivate, extras, paused }: Given, held?: ShownRegistry) {
  return {
    name: metadata?.name ?? name ?? held?.name ?? '',
    syncEveryMinutes: extras?.syncEveryMinutes ?? held?.syncEveryMinutes ?? SYNC_MINUTES.default,
    paused: paused || (extras?.paused ?? held?.paused ?? false),
    filter: extras?.filter ?? (held && filterOf(held)),
    isPrivate: isPrivate ?? held?.isPrivate ?? true,
    labels: metadata?.labels ?? strings(held?.labels ?? {}),
    annotations: metadata?.annotations ?? strings(held?.annotations ?? {}),
  }
}
