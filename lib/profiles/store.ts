import type { Prisma } from '../db/generated/client'
import { inTenant, operatorSql, sqlInTenant } from '../db/in-tenant'
import { isFinalViolation, isReferenceViolation, isUniqueViolation } from '../db/violations'
import { AppError } from '../errors'
import { newUid } from '../uid'
import type { LayerManifest, ProfileLayer, ProfilesWanted, ProfileType } from './schema'
import { NEW_VARIABLE, type Variable } from './variable'

const SHOWN_MAX = 1000

/** Whose profiles: of one project, or of the tenant itself (null). */
export type Scope = string | null

export interface Sibling {
  id: string
  version: string
}

const layerColumns = {
  name: true,
  displayName: true,
  layer: true,
  type: true,
  registryId: true,
  packVersionId: true,
  packRevisionId: true,
  tag: true,
  version: true,
  digest: true,
  values: true,
  manifests: true,
} satisfies Prisma.ProfileLayerSelect

const withLayers = {
  layers: { select: layerColumns, orderBy: { position: 'asc' } },
} satisfies Prisma.ProfileInclude

type Row = Prisma.ProfileGetPayload<{ include: typeof withLayers }>

/** A profile version as it is kept. */
export interface StoredProfile {
  id: string
  projectId: Scope
  name: string
  version: string
  type: ProfileType
  cloudType: string
  labels: Record<string, string>
  annotations: Record<string, string>
  variables: Variable[]
  /** Defaults of masked variables: see masked.ts */
  sealedVariables: string | null
  publishedAt: Date | null
  revision: number
  createdAt: Date
  updatedAt: Date
  layers: ProfileLayer[]
}

function toProfile({ layers, ...row }: Row): StoredProfile {
  return {
    ...row,
    type: row.type as ProfileType,
    labels: row.labels as Record<string, string>,
    annotations: row.annotations as Record<string, string>,
    variables: (row.variables as Partial<Variable>[]).map((one) => ({ ...NEW_VARIABLE, ...one })),
    layers: layers.map((layer) => ({
      ...layer,
      layer: layer.layer as ProfileLayer['layer'],
      type: layer.type as ProfileLayer['type'],
      manifests: layer.manifests as unknown as LayerManifest[],
    })),
  }
}

export async function findProfile(tenantId: string, id: string): Promise<StoredProfile | null> {
  const row = await inTenant(tenantId).profile.findFirst({ where: { tenantId, id }, include: withLayers })
  return row && toProfile(row)
}

/** Every version of the profile of this name, itself included. */
export const findSiblings = (tenantId: string, projectId: Scope, name: string): Promise<Sibling[]> =>
  inTenant(tenantId).profile.findMany({
    where: { tenantId, projectId, name },
    select: { id: true, version: true },
    take: SHOWN_MAX,
  })

/** The published ones among them. */
export const findPublished = (tenantId: string, projectId: Scope, name: string): Promise<Sibling[]> =>
  inTenant(tenantId).profile.findMany({
    where: { tenantId, projectId, name, publishedAt: { not: null } },
    select: { id: true, version: true },
    take: SHOWN_MAX,
  })

/** Which versions of its packs a profile version has. */
export const findVersionsHeld = (tenantId: string, profileId: string) =>
  inTenant(tenantId).profileLayer.findMany({
    where: { tenantId, profileId },
    select: { name: true, version: true },
  })

/** What the catalog says now of packs that layers hold. */
export const findHeldPacks = (tenantId: string, packVersionIds: string[]) =>
  inTenant(tenantId).packVersion.findMany({
    where: { tenantId, id: { in: packVersionIds } },
    select: {
      id: true,
      state: true,
      goneAt: true,
      annotations: true,
      addonType: true,
      logoDigest: true,
      eol: true,
      digest: true,
      registry: { select: { name: true } },
    },
  })

export type HeldPack = Awaited<ReturnType<typeof findHeldPacks>>[number]

/** What the revisions say that layers hold. */
export const findHeldRevisions = (tenantId: string, ids: string[]) =>
  inTenant(tenantId).packRevision.findMany({
    where: { tenantId, id: { in: ids } },
    select: { id: true, manifest: true, presets: true, schema: true, valuesDigest: true },
  })

export type HeldRevision = Awaited<ReturnType<typeof findHeldRevisions>>[number]

const escapeLike = (text: string) => text.replaceAll(/[\\%_]/g, '\\$&')

const ORDER_COLUMNS = {
  profileName: 'lower(name)',
  environment: 'environment',
  profileType: 'type',
  creationTimestamp: 'created_at',
  lastModifiedTimestamp: 'updated_at',
} as const

/** Profiles by name, each with the uids of its versions. A filter keeps a profile when one of its versions fits. */
export async function findProfileNames(
  tenantId: string,
  scope: Scope,
  { name, types, cloudTypes, order }: ProfilesWanted,
  page: { offset: number; limit: number },
): Promise<{ rows: { versions: Sibling[] }[]; count: number }> {
  const values: unknown[] = []
  const put = (value: unknown) => `$${values.push(value)}`
  const where = [`tenant_id = ${put(tenantId)}`]
  where.push(scope === null ? 'project_id IS NULL' : `(project_id IS NULL OR project_id = ${put(scope)})`)
  const like = name?.ignoreCase ? 'ILIKE' : 'LIKE'
  if (name?.eq !== undefined) where.push(`name ${like} ${put(escapeLike(name.eq))}`)
  if (name?.ne !== undefined) where.push(`name NOT ${like} ${put(escapeLike(name.ne))}`)
  if (name?.contains) where.push(`name ${like} ${put(`%${escapeLike(name.contains)}%`)}`)
  if (name?.beginsWith) where.push(`name ${like} ${put(`${escapeLike(name.beginsWith)}%`)}`)
  const fits = ['true']
  if (types.length > 0) fits.push(`type = ANY(${put(types)}::text[])`)
  if (cloudTypes.length > 0) fits.push(`cloud_type = ANY(${put(cloudTypes)}::text[])`)
  const by = order.map(({ field, descending }) => `${ORDER_COLUMNS[field]} ${descending ? 'DESC' : 'ASC'}`)
  const { rows } = await sqlInTenant(tenantId).query(
    `WITH named AS (
       SELECT name, project_id, min(type) AS type, min(cloud_type) AS environment, min(created_at) AS created_at,
         max(updated_at) AS updated_at, json_agg(json_build_object('id', id, 'version', version)) AS versions
       FROM profile WHERE ${where.join(' AND ')}
       GROUP BY name, project_id HAVING bool_or(${fits.join(' AND ')})),
     counted AS (SELECT count(*)::int AS total FROM named)
     SELECT page.versions, counted.total FROM counted LEFT JOIN (
       SELECT *, row_number() OVER (ORDER BY ${[...by, 'lower(name)', 'name', 'project_id'].join(', ')}) AS place
       FROM named ORDER BY place LIMIT ${put(page.limit)} OFFSET ${put(page.offset)}) page ON true
     ORDER BY page.place`,
    values,
  )
  return {
    rows: (rows as { versions: Sibling[] | null }[]).flatMap(({ versions }) =>
      versions ? { versions } : [],
    ),
    count: rows[0]?.total ?? 0,
  }
}

/** Profiles without the values of their layers. */
export async function findOutlines(tenantId: string, ids: string[]) {
  const { values: _, manifests: __, ...columns } = layerColumns
  const rows = await inTenant(tenantId).profile.findMany({
    where: { tenantId, id: { in: ids } },
    include: { layers: { select: columns, orderBy: { position: 'asc' } } },
  })
  return new Map(rows.map((row) => [row.id, row]))
}

export type ProfileOutline = Awaited<ReturnType<typeof findOutlines>> extends Map<string, infer R> ? R : never

export async function findProfilesOfRegistry(tenantId: string, registryId: string) {
  const rows = await inTenant(tenantId).profile.findMany({
    where: { tenantId, layers: { some: { registryId } } },
    select: { id: true, name: true, version: true },
    orderBy: [{ name: 'asc' }, { version: 'asc' }],
    take: SHOWN_MAX,
  })
  return rows.map(({ id, name, version }) => ({ uid: id, name, version }))
}

/** A layer that holds a pack. */
export interface PackUse {
  layerId: string
  uid: string
  name: string
  version: string
  /** Empty: the tenant's own. */
  projectName: string
  isPublished: boolean
  packUid: string | null
  packVersion: string
  tag: string
  digest: string
  registryId: string | null
  registryName: string
}

/** Layers that hold a pack of this name, also a second instance of it (`second--name`); by profile. */
export async function findUses(
  tenantId: string,
  scope: Scope,
  packName: string,
  after: [name: string, layerId: string] | null,
  limit: number,
): Promise<PackUse[]> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT l.id AS "layerId", p.id AS uid, p.name, p.version, COALESCE(j.name, '') AS "projectName",
       p.published_at IS NOT NULL AS "isPublished", l.pack_version_id AS "packUid", l.version AS "packVersion", l.tag,
       l.digest, l.registry_id AS "registryId", COALESCE(r.name, '') AS "registryName"
     FROM profile_layer l JOIN profile p ON p.tenant_id = $1 AND p.id = l.profile_id
     LEFT JOIN project j ON j.tenant_id = $1 AND j.id = p.project_id
     LEFT JOIN registry r ON r.tenant_id = $1 AND r.id = l.registry_id
     WHERE l.tenant_id = $1 AND l.type <> 'manifest' AND split_part(l.name, '--', -1) = $2
       AND ($3::text IS NULL OR p.project_id IS NULL OR p.project_id = $3)
       AND ($4::text IS NULL OR (p.name, l.id) > ($4, $5))
     ORDER BY p.name, l.id LIMIT $6`,
    [tenantId, packName, scope, after?.[0] ?? null, after?.[1] ?? null, limit],
  )
  return rows
}

const toRows = (tenantId: string, profileId: string, layers: ProfileLayer[]) =>
  layers.map(({ manifests, ...layer }, position) => ({
    ...layer,
    manifests: manifests as unknown as Prisma.InputJsonValue,
    id: newUid(),
    tenantId,
    profileId,
    position,
  }))

/** @throws AppError `conflict` when name and version are taken, or a registry went away meanwhile */
async function translated<T>(name: string, version: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (isFinalViolation(cause)) throw finalError(name, version, cause)
    if (isUniqueViolation(cause))
      throw new AppError(
        'conflict',
        `There is a profile "${name}" of version ${version} already. Choose another version.`,
        { cause, fields: { 'spec.version': 'Already taken' } },
      )
    if (isReferenceViolation(cause))
      throw new AppError('conflict', 'A pack of this profile was deleted in the meantime. Save again.', {
        cause,
      })
    throw cause
  }
}

/** What is published never changes: also said by the database itself. */
export const finalError = (name: string, version: string, cause?: unknown) =>
  new AppError(
    'conflict',
    `${name} ${version} is published and never changes. Save it as a new version instead.`,
    { cause },
  )

type NewProfile = Omit<StoredProfile, 'publishedAt' | 'revision' | 'createdAt' | 'updatedAt'> & {
  createdBy: string
}

export function insertProfile(
  tenantId: string,
  { layers, variables, ...profile }: NewProfile,
  publish: boolean,
): Promise<void> {
  return translated(profile.name, profile.version, () =>
    inTenant(tenantId).$transaction(async (db) => {
      await db.profile.create({
        data: { ...profile, tenantId, variables: variables as unknown as Prisma.InputJsonValue },
        select: { id: true },
      })
      await db.profileLayer.createMany({ data: toRows(tenantId, profile.id, layers) })
      if (publish)
        await db.profile.updateMany({
          where: { tenantId, id: profile.id },
          data: { publishedAt: new Date() },
        })
    }),
  )
}

/**
 * Changes a draft, or what may change of a published version: labels and annotations.
 *
 * @param held what the change was made from
 * @param fence the revision that must still be there; without it the last one to save wins
 * @param layers absent: they stay
 * @returns whether the profile was still as expected
 */
export function updateProfile(
  tenantId: string,
  held: Pick<StoredProfile, 'id' | 'name' | 'version'>,
  fence: number | undefined,
  {
    variables,
    ...data
  }: Partial<
    Pick<
      StoredProfile,
      'name' | 'version' | 'type' | 'labels' | 'annotations' | 'variables' | 'sealedVariables'
    >
  >,
  layers?: ProfileLayer[],
): Promise<boolean> {
  const { id } = held
  return translated(data.name ?? held.name, data.version ?? held.version, () =>
    inTenant(tenantId).$transaction(async (db) => {
      const { count } = await db.profile.updateMany({
        where: { tenantId, id, revision: fence },
        data: {
          ...data,
          ...(variables && { variables: variables as unknown as Prisma.InputJsonValue }),
          revision: { increment: 1 },
        },
      })
      if (count !== 1) return false
      if (layers) {
        await db.profileLayer.deleteMany({ where: { tenantId, profileId: id } })
        await db.profileLayer.createMany({ data: toRows(tenantId, id, layers) })
      }
      return true
    }),
  )
}

/** @returns whether the draft was still of the revision that was checked */
export async function publishProfile(tenantId: string, id: string, revision: number): Promise<boolean> {
  const { count } = await inTenant(tenantId).profile.updateMany({
    where: { tenantId, id, revision, publishedAt: null },
    data: { publishedAt: new Date(), revision: { increment: 1 } },
  })
  return count === 1
}

export async function deleteProfile(tenantId: string, id: string): Promise<boolean> {
  return (await inTenant(tenantId).profile.deleteMany({ where: { tenantId, id } })).count === 1
}

/** A pack that profiles hold and that is on its way out, or no longer what they hold. */
export interface AgingPack {
  packUid: string
  registryId: string
  registryName: string
  name: string
  displayName: string
  version: string
  layer: string
  state: string
  eol: string
  goneAt: Date | null
  /** Its last change of state. */
  stateAt: Date | null
  /** Profiles hold this digest, and the registry has another by now. */
  heldDigest: string | null
  digest: string
  repushedAt: Date | null
  /** How many profile versions hold it, and the first of them by name. */
  profileCount: number
  profiles: { uid: string; name: string; version: string }[]
}

/**
 * The packs of profiles that are deprecated, disabled, deleted, gone, at or near the end of their life, or pushed again
 * with other content: those first that are worst.
 *
 * @param profileId of one profile version alone
 * @param nearDays how many days before its end a pack is one of them
 */
export async function findAgingPacks(
  tenantId: string,
  scope: Scope,
  { profileId, nearDays, limit }: { profileId?: string; nearDays: number; limit: number },
): Promise<AgingPack[]> {
  const { rows } = await sqlInTenant(tenantId).query(
    `WITH used AS (
       SELECT v.id, min(l.digest) FILTER (WHERE l.digest <> v.digest) AS held, count(DISTINCT p.id)::int AS count,
         (array_agg(DISTINCT jsonb_build_object('uid', p.id, 'name', p.name, 'version', p.version)))[1:20] AS profiles
       FROM profile p
       JOIN profile_layer l ON l.tenant_id = $1 AND l.profile_id = p.id
       JOIN pack_version v ON v.tenant_id = $1 AND v.id = l.pack_version_id
       WHERE p.tenant_id = $1 AND ($2::text IS NULL OR p.id = $2) AND (p.project_id IS NULL OR p.project_id = $3)
         AND (v.state <> 'active' OR v.gone_at IS NOT NULL OR v.digest <> l.digest
           OR packyard_as_date(v.eol) <= (now() AT TIME ZONE 'UTC')::date + $4::int)
       GROUP BY v.id),
     aging AS (
       SELECT v.*, used.held, used.count, used.profiles, row_number() OVER worst AS place FROM used JOIN pack_version v ON v.tenant_id = $1 AND v.id = used.id
       WINDOW worst AS (ORDER BY CASE WHEN v.gone_at IS NOT NULL OR v.state IN ('disabled', 'deleted') THEN 0
           WHEN packyard_as_date(v.eol) <= (now() AT TIME ZONE 'UTC')::date THEN 1
           WHEN v.state = 'deprecated' THEN 2 WHEN used.held IS NULL THEN 3 ELSE 4 END,
         v.name, v.version_key, v.id)
       ORDER BY place LIMIT $5)
     SELECT v.id AS "packUid", v.registry_id AS "registryId", r.name AS "registryName", v.name,
       v.display_name AS "displayName", v.version, v.layer, v.state, v.eol, v.gone_at AS "goneAt", v.digest,
       v.held AS "heldDigest", v.count AS "profileCount", v.profiles,
       CASE WHEN v.state <> 'active' THEN (
         SELECT max(at) FROM catalog_event e WHERE e.tenant_id = $1 AND e.name = v.name AND e.version = v.version
           AND e.registry_id = v.registry_id AND e.kind = v.state) END AS "stateAt",
       CASE WHEN v.held IS NOT NULL THEN (
         SELECT max(at) FROM catalog_event e WHERE e.tenant_id = $1 AND e.name = v.name AND e.version = v.version
           AND e.registry_id = v.registry_id AND e.kind = 'repushed') END AS "repushedAt"
     FROM aging v JOIN registry r ON r.tenant_id = $1 AND r.id = v.registry_id ORDER BY v.place`,
    [tenantId, profileId ?? null, scope, nearDays, limit],
  )
  return rows
}

/** Sealed defaults that do not begin with `prefix`, of every tenant: for reseal.ts alone. */
export async function findSealedOtherwise(
  prefix: string,
  after: string,
  limit: number,
): Promise<{ id: string; sealed: string }[]> {
  const { rows } = await operatorSql().query(
    `SELECT id, sealed_variables AS sealed FROM profile
     WHERE sealed_variables IS NOT NULL AND NOT starts_with(sealed_variables, $1) AND id > $2 ORDER BY id LIMIT $3`,
    [prefix, after, limit],
  )
  return rows
}

/** @returns whether what was read still stood there */
export async function replaceSealed(id: string, from: string, to: string): Promise<boolean> {
  const { rowCount } = await operatorSql().query(
    'UPDATE profile SET sealed_variables = $3 WHERE id = $1 AND sealed_variables = $2',
    [id, from, to],
  )
  return rowCount === 1
}

/** How many profiles of all tenants have masked defaults sealed with each key, by the key's id. */
export async function countSealed(): Promise<Map<string, number>> {
  const { rows } = await operatorSql().query(
    `SELECT split_part(sealed_variables, '.', 2) AS key, count(*)::int AS secrets
     FROM profile WHERE sealed_variables IS NOT NULL GROUP BY 1`,
  )
  return new Map((rows as { key: string; secrets: number }[]).map((row) => [row.key, row.secrets]))
}
