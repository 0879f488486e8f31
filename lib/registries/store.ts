import type { RegistryKind } from '../adapters/schema'
import { again } from '../db/again'
import type { Prisma } from '../db/generated/client'
import { inTenant, operatorSql, sqlInTenant } from '../db/in-tenant'
import { isReferenceViolation, isUniqueViolation } from '../db/violations'
import { AppError } from '../errors'

/** The columns that may be shown. `sealedSecret` is left out on purpose: see open.ts. */
const shown = {
  id: true,
  name: true,
  kind: true,
  endpoint: true,
  authType: true,
  username: true,
  ca: true,
  clientCertificate: true,
  insecureSkipVerify: true,
  providerType: true,
  baseContentPath: true,
  basePath: true,
  repositories: true,
  tokenServer: true,
  isPrivate: true,
  isDefault: true,
  labels: true,
  annotations: true,
  syncEveryMinutes: true,
  filter: true,
  paused: true,
  dueAt: true,
  runId: true,
  requestedBy: true,
  lastOutcome: true,
  lastStep: true,
  lastMessage: true,
  lastFix: true,
  lastRunAt: true,
  lastSyncedAt: true,
  settingsRevision: true,
  runRevision: true,
  observedRevision: true,
  requestedActor: true,
  pausedBy: true,
  pausedSince: true,
  progress: true,
  readySince: true,
  syncingSince: true,
  stalledSince: true,
  heldSince: true,
  freshSince: true,
  createdAt: true,
  updatedAt: true,
} satisfies Prisma.RegistrySelect

export type ShownRegistry = Prisma.RegistryGetPayload<{ select: typeof shown }> & {
  hasSecret: boolean
  packs: number
  versions: number
  failing: number
  /** Versions that are no longer listed and stay until a person decides. */
  held: number
}

interface Counts {
  id: string
  hasSecret: boolean
  packs: number
  versions: number
  failing: number
  held: number
}

async function countsOf(tenantId: string, ids: string[]): Promise<Map<string, Counts>> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT r.id, r.sealed_secret IS NOT NULL AS "hasSecret",
       (SELECT count(DISTINCT v.name)::int FROM pack_version v
         WHERE v.tenant_id = r.tenant_id AND v.registry_id = r.id AND v.gone_at IS NULL) AS packs,
       (SELECT count(*)::int FROM pack_version v
         WHERE v.tenant_id = r.tenant_id AND v.registry_id = r.id AND v.gone_at IS NULL) AS versions,
       (SELECT count(*)::int FROM sync_failure f
         WHERE f.tenant_id = r.tenant_id AND f.registry_id = r.id) AS failing,
       (SELECT count(*)::int FROM held_removal h
         WHERE h.tenant_id = r.tenant_id AND h.registry_id = r.id AND h.kept_at IS NULL) AS held
     FROM registry r WHERE r.tenant_id = $1 AND r.id = ANY($2)`,
    [tenantId, ids],
  )
  return new Map((rows as Counts[]).map((row) => [row.id, row]))
}

async function withCounts<T extends { id: string }>(tenantId: string, rows: T[]) {
  const counts = await countsOf(
    tenantId,
    rows.map((row) => row.id),
  )
  const none = { hasSecret: false, packs: 0, versions: 0, failing: 0, held: 0 }
  return rows.map((row) => ({ ...row, ...none, ...counts.get(row.id) }))
}

/** @param kind of which the registries are; all, without it */
export async function findRegistries(
  tenantId: string,
  page: { skip: number; take: number },
  kind?: RegistryKind,
): Promise<{ rows: ShownRegistry[]; count: number }> {
  const db = inTenant(tenantId)
  const where = { tenantId, ...(kind && { kind }) }
  const [rows, count] = await Promise.all([
    db.registry.findMany({ select: shown, where, orderBy: { name: 'asc' }, ...page }),
    db.registry.count({ where }),
  ])
  return { rows: await withCounts(tenantId, rows), count }
}

export async function findRegistry(tenantId: string, id: string): Promise<ShownRegistry | null> {
  const row = await inTenant(tenantId).registry.findFirst({ select: shown, where: { tenantId, id } })
  if (!row) return null
  const [counted] = await withCounts(tenantId, [row])
  return counted ?? null
}

const nameTaken = (name: string, cause: unknown) =>
  new AppError('conflict', `There is a registry named "${name}" already. Choose another name.`, {
    cause,
    fields: { name: 'Already taken' },
  })

export async function insertRegistry(
  tenantId: string,
  data: Omit<Prisma.RegistryUncheckedCreateInput, 'tenantId'>,
): Promise<void> {
  try {
    await inTenant(tenantId).registry.create({ data: { ...data, tenantId }, select: { id: true } })
  } catch (cause) {
    if (isUniqueViolation(cause)) throw nameTaken(data.name, cause)
    throw cause
  }
}

/**
 * @param asRead leaves the registry alone when its secret or address is another by now
 * @returns whether it was written
 */
export async function updateRegistry(
  tenantId: string,
  id: string,
  data: Prisma.RegistryUncheckedUpdateManyInput,
  asRead: { sealedSecret?: string | null; sealedKey?: string | null; endpoint?: string } = {},
): Promise<boolean> {
  try {
    const where = { ...asRead, tenantId, id }
    return (await inTenant(tenantId).registry.updateMany({ where, data })).count === 1
  } catch (cause) {
    if (isUniqueViolation(cause)) throw nameTaken(String(data.name), cause)
    throw cause
  }
}

/** Deletes the registry and its catalog. Profile layers that hold one of its packs refuse it, in the database. */
export async function deleteRegistry(tenantId: string, id: string): Promise<boolean> {
  try {
    // Its packs go with it, and another registry that has the same may be syncing.
    return await again(
      async () => (await inTenant(tenantId).registry.deleteMany({ where: { tenantId, id } })).count === 1,
    )
  } catch (cause) {
    if (!isReferenceViolation(cause)) throw cause
    throw new AppError(
      'conflict',
      'Cluster profiles use packs of this registry. Remove these layers from the profiles first.',
      { cause },
    )
  }
}

/** What an adapter is made of. */
export interface SealedRegistry {
  id: string
  name: string
  kind: string
  endpoint: string
  authType: string
  username: string
  sealedSecret: string | null
  sealedKey: string | null
  ca: string
  clientCertificate: string
  insecureSkipVerify: boolean
  providerType: string
  baseContentPath: string
  basePath: string
  repositories: string[]
  tokenServer: string
}

/**
 * With the sealed secret: for open.ts alone. By SQL: a worker that asks nothing through the client library does not
 * load its engine, which takes about 60 MiB.
 */
export async function findSealed(tenantId: string, id: string): Promise<SealedRegistry | null> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT id, name, kind, endpoint, auth_type AS "authType", username, sealed_secret AS "sealedSecret",
       sealed_key AS "sealedKey", ca, client_certificate AS "clientCertificate",
       insecure_skip_verify AS "insecureSkipVerify", provider_type AS "providerType",
       base_content_path AS "baseContentPath", base_path AS "basePath", repositories, token_server AS "tokenServer"
     FROM registry WHERE tenant_id = $1 AND id = $2`,
    [tenantId, id],
  )
  return rows[0] ?? null
}

/** Where sealed secrets stand. */
export const SEALED_COLUMNS = ['sealed_secret', 'sealed_key', 'sealed_hook', 'sealed_webhook'] as const
const TABLE_OF = {
  ...{ sealed_secret: 'registry', sealed_key: 'registry', sealed_hook: 'registry' },
  sealed_webhook: 'webhook',
} as const
export type SealedColumn = (typeof SEALED_COLUMNS)[number]

/** A sealed secret and what it is bound to, of whatever tenant. */
export interface SealedRow {
  id: string
  kind: string
  endpoint: string
  authType: string
  ca: string
  insecureSkipVerify: boolean
  clientCertificate: string
  tokenServer: string
  sealed: string
}

const REACH = `kind, endpoint, auth_type AS "authType", ca, insecure_skip_verify AS "insecureSkipVerify",
  client_certificate AS "clientCertificate", token_server AS "tokenServer",`

/**
 * Sealed secrets that do not begin with `prefix`, in the order of their rows: for reseal.ts alone.
 *
 * @param after the last row seen; empty at the beginning
 */
export async function findSealedOtherwise(
  column: SealedColumn,
  prefix: string,
  after: string,
  limit: number,
): Promise<SealedRow[]> {
  const { rows } = await operatorSql().query(
    `SELECT id, ${column === 'sealed_webhook' ? '' : REACH} ${column} AS sealed
     FROM ${TABLE_OF[column]} WHERE ${column} IS NOT NULL AND NOT starts_with(${column}, $1) AND id > $2
     ORDER BY id LIMIT $3`,
    [prefix, after, limit],
  )
  return rows
}

/** Puts secrets sealed anew in the place of those that were read, where these still stand. @returns how many */
export async function replaceSealed(
  column: SealedColumn,
  changes: readonly { id: string; from: string; to: string }[],
): Promise<number> {
  const { rowCount } = await operatorSql().query(
    `UPDATE ${TABLE_OF[column]} r SET ${column} = c.to_value
     FROM unnest($1::text[], $2::text[], $3::text[]) AS c(id, from_value, to_value)
     WHERE r.id = c.id AND r.${column} = c.from_value`,
    [changes.map((one) => one.id), changes.map((one) => one.from), changes.map((one) => one.to)],
  )
  return rowCount ?? 0
}

/** How many secrets of all tenants each key seals, by the key's id. */
export async function countSealed(): Promise<Map<string, number>> {
  const { rows } = await operatorSql().query(
    `SELECT split_part(sealed, '.', 2) AS key, count(*)::int AS secrets
     FROM (${SEALED_COLUMNS.map((column) => `SELECT ${column} AS sealed FROM ${TABLE_OF[column]}`).join(' UNION ALL ')}) AS all_secrets
     WHERE sealed IS NOT NULL GROUP BY 1`,
  )
  return new Map((rows as { key: string; secrets: number }[]).map((row) => [row.key, row.secrets]))
}
