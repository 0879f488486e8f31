import type { ChangeFilter, ChangeKind } from '../catalog/schema'
import { asOperator, inTenant, sqlInTenant } from '../db/in-tenant'
import { isUniqueViolation } from '../db/violations'
import { AppError } from '../errors'

const shown = { id: true, name: true, lastUsedAt: true, createdAt: true } as const

export const findTokens = (tenantId: string, userId: string) =>
  inTenant(tenantId).feedToken.findMany({
    where: { tenantId, userId },
    select: shown,
    orderBy: { createdAt: 'desc' },
  })

export type ShownToken = Awaited<ReturnType<typeof findTokens>>[number]

export const countTokens = (tenantId: string, userId: string) =>
  inTenant(tenantId).feedToken.count({ where: { tenantId, userId } })

/** @throws AppError `conflict` when the person has one of that name */
export async function insertToken(
  tenantId: string,
  data: { id: string; userId: string; name: string; hash: string },
): Promise<void> {
  try {
    await inTenant(tenantId).feedToken.create({ data: { ...data, tenantId }, select: { id: true } })
  } catch (cause) {
    if (!isUniqueViolation(cause)) throw cause
    throw new AppError(
      'conflict',
      `You have a feed address named "${data.name}" already. Choose another name.`,
      {
        cause,
        fields: { name: 'Already taken' },
      },
    )
  }
}

/** @returns the name of what was deleted; null where the person has none of that uid */
export async function deleteToken(tenantId: string, userId: string, id: string): Promise<string | null> {
  const { rows } = await sqlInTenant(tenantId).query(
    'DELETE FROM feed_token WHERE tenant_id = $1 AND user_id = $2 AND id = $3 RETURNING name',
    [tenantId, userId, id],
  )
  return rows[0]?.name ?? null
}

/** Before a token is known there is no tenant: this looks in all of them. */
export const findTokenByHash = (hash: string) =>
  asOperator().feedToken.findUnique({ where: { hash }, include: { user: true } })

const USED_EVERY_MS = 60_000

/** At most once a minute, so that a busy reader does not write at each request. */
export const noteTokenUse = (tenantId: string, id: string, now = new Date()) =>
  inTenant(tenantId).feedToken.updateMany({
    where: {
      tenantId,
      id,
      OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: new Date(now.getTime() - USED_EVERY_MS) } }],
    },
    data: { lastUsedAt: now },
  })

/** One entry of a feed: a change, or many of one kind that a run found together. */
export interface FeedRow {
  id: string
  kind: ChangeKind
  at: Date
  runId: string
  registryId: string
  registryName: string
  /** Empty where it stands for many versions. */
  name: string
  version: string
  displayName: string
  was: string
  became: string
  versions: number
  packs: number
}

/** So far back a feed looks, in changes. */
const LOOKED_AT = 5_000

/**
 * The newest changes that fit. Of those that one run found, more than so many of one kind are one entry.
 *
 * @param foldFrom so many of one kind and run are one
 */
export async function findFeedRows(
  tenantId: string,
  { registryIds, name, kinds }: Pick<ChangeFilter, 'registryIds' | 'name' | 'kinds'>,
  { foldFrom, limit }: { foldFrom: number; limit: number },
): Promise<FeedRow[]> {
  const { rows } = await sqlInTenant(tenantId).query(
    `WITH recent AS (
       SELECT *, CASE run_id WHEN '' THEN at::text ELSE run_id END AS run FROM catalog_event
       WHERE tenant_id = $1 AND ($2::text[] IS NULL OR registry_id = ANY($2)) AND ($3::text IS NULL OR name = $3)
         AND ($4::text[] IS NULL OR kind = ANY($4))
       ORDER BY id DESC LIMIT ${LOOKED_AT}),
     grouped AS (
       SELECT *, count(*) OVER (PARTITION BY registry_id, run, kind) AS together FROM recent),
     entries AS (
       SELECT id, kind, at, run_id, registry_id, name, version, was, became, versions, packs FROM grouped
       WHERE together < $5
       UNION ALL
       SELECT max(id), kind, max(at), max(run_id), registry_id, '', '', '', '', sum(versions), count(DISTINCT name)
       FROM grouped WHERE together >= $5 GROUP BY registry_id, run, kind)
     SELECT e.id::text, e.kind, e.at, e.run_id AS "runId", e.registry_id AS "registryId", r.name AS "registryName",
       e.name, e.version, COALESCE(v.display_name, e.name) AS "displayName", e.was, e.became,
       e.versions::int, e.packs::int
     FROM (SELECT * FROM entries ORDER BY id DESC LIMIT $6) AS e
     JOIN registry r ON r.tenant_id = $1 AND r.id = e.registry_id
     LEFT JOIN pack_version v ON v.tenant_id = $1 AND v.registry_id = e.registry_id AND v.name = e.name
       AND v.version = e.version
     ORDER BY e.id DESC`,
    [tenantId, registryIds ?? null, name ?? null, kinds ?? null, foldFrom, limit],
  )
  return rows
}

export const findRegistryName = async (tenantId: string, id: string): Promise<string | null> =>
  (await inTenant(tenantId).registry.findFirst({ where: { tenantId, id }, select: { name: true } }))?.name ??
  null
