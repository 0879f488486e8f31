import { inTenant, sqlInTenant } from '../../db/in-tenant'
import type { PackState } from '../schema'

const withRevision = {
  registry: { select: { id: true, name: true, kind: true, lastOutcome: true, lastMessage: true } },
  tags: { select: { tag: true } },
} as const

/** One version, gone or not. */
export const findVersion = (tenantId: string, id: string) =>
  inTenant(tenantId).packVersion.findFirst({ where: { tenantId, id }, include: withRevision })

export type VersionRow = NonNullable<Awaited<ReturnType<typeof findVersion>>>

/** All versions of one pack in one registry, newest first. */
export const findVersions = (
  tenantId: string,
  where: { registryId?: string; name?: string; version?: string; states?: PackState[]; gone?: boolean },
  page: { skip?: number; take: number },
) =>
  inTenant(tenantId).packVersion.findMany({
    where: {
      tenantId,
      registryId: where.registryId,
      name: where.name,
      version: where.version,
      ...(where.states && { state: { in: where.states } }),
      ...(!where.gone && { goneAt: null }),
    },
    include: withRevision,
    orderBy: [{ name: 'asc' }, { versionKey: 'desc' }, { id: 'asc' }],
    ...page,
  })

export const countVersions = (
  tenantId: string,
  where: { registryId?: string; name?: string; version?: string },
): Promise<number> => inTenant(tenantId).packVersion.count({ where: { tenantId, ...where, goneAt: null } })

export const findRevisions = (tenantId: string, ids: string[]) =>
  inTenant(tenantId).packRevision.findMany({ where: { tenantId, id: { in: ids } } })

export type RevisionRow = Awaited<ReturnType<typeof findRevisions>>[number]

/** How large contents are, in bytes. */
export async function sizesOf(tenantId: string, digests: string[]): Promise<Map<string, number>> {
  const { rows } = await sqlInTenant(tenantId).query(
    'SELECT digest, octet_length(bytes) AS size FROM content WHERE tenant_id = $1 AND digest = ANY($2)',
    [tenantId, digests],
  )
  return new Map((rows as { digest: string; size: number }[]).map((row) => [row.digest, row.size]))
}

/** Contents by digest. By SQL, since a sync asks too: see findSealed of registries/store.ts. */
export async function findContents(tenantId: string, digests: string[]): Promise<Map<string, Uint8Array>> {
  const { rows } = await sqlInTenant(tenantId).query(
    'SELECT digest, bytes FROM content WHERE tenant_id = $1 AND digest = ANY($2)',
    [tenantId, digests],
  )
  return new Map((rows as { digest: string; bytes: Uint8Array }[]).map((row) => [row.digest, row.bytes]))
}
