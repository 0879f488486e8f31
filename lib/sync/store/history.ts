import type { CatalogEntry } from '../../adapters/adapter'
import { inTenant, operatorSql, sqlInTenant } from '../../db/in-tenant'
import type { RunItem, RunItemKind } from '../../registries/schema'

export const findFailures = (tenantId: string, registryId: string) =>
  inTenant(tenantId).syncFailure.findMany({
    where: { tenantId, registryId },
    orderBy: [{ name: 'asc' }, { version: 'asc' }],
    take: 1000,
  })

const RETRIES = 1000

/**
 * What failed, as it was listed: the first to be tried again is what was tried longest ago.
 *
 * @param except names of packs that are listed anew
 */
export async function findRetries(
  tenantId: string,
  registryId: string,
  except: readonly string[],
): Promise<CatalogEntry[]> {
  // What is listed without a digest cannot be asked for: the next whole listing tells of it.
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT name, version, digest, tags, source FROM sync_failure
     WHERE tenant_id = $1 AND registry_id = $2 AND digest <> '' AND name <> ALL($3::text[])
     ORDER BY last_failed_at, name, version LIMIT ${RETRIES}`,
    [tenantId, registryId, except],
  )
  return rows
}

export const findRuns = (tenantId: string, registryId: string, take: number) =>
  inTenant(tenantId).syncRun.findMany({
    where: { tenantId, registryId },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take,
  })

/** One run with what it did to which version; null where there is no such run of this registry. */
export async function findRun(tenantId: string, registryId: string, id: string) {
  const run = await inTenant(tenantId).syncRun.findFirst({
    where: { tenantId, registryId, id },
    include: { items: { select: { items: true } } },
  })
  return run && { ...run, items: (run.items?.items ?? []) as unknown as RunItem[] }
}

/**
 * Keeps what a run did to which version, in one row; in none where it did nothing. Versions that are known by uid alone
 * get their names here.
 */
export async function keepItems(
  tenantId: string,
  runId: string,
  { items, ids }: { items: RunItem[]; ids: { kind: RunItemKind; id: string }[] },
): Promise<void> {
  if (items.length + ids.length === 0) return
  await sqlInTenant(tenantId).query(
    `INSERT INTO sync_run_items (tenant_id, run_id, items)
     SELECT $1, s.id, $3::jsonb || COALESCE((
       SELECT jsonb_agg(jsonb_build_object('kind', known.kind, 'name', v.name, 'version', v.version)
         ORDER BY known.place)
       FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS known(kind, id, place)
       JOIN pack_version v ON v.tenant_id = $1 AND v.id = known.id), '[]')
     FROM sync_run s WHERE s.tenant_id = $1 AND s.id = $2
     ON CONFLICT (tenant_id, run_id) DO UPDATE SET items = excluded.items`,
    [...[tenantId, runId, JSON.stringify(items)], ...[ids.map((one) => one.kind), ids.map((one) => one.id)]],
  )
}

/** Deletes runs of all tenants that are older than so many days, or have so many newer ones. @returns how many */
export async function deleteOldRuns(days: number, each: number): Promise<number> {
  const { rowCount } = await operatorSql().query(
    `DELETE FROM sync_run s USING (
       SELECT id, row_number() OVER (PARTITION BY tenant_id, registry_id ORDER BY started_at DESC, id DESC) AS rank,
         started_at FROM sync_run) ranked
     WHERE s.id = ranked.id AND s.outcome <> 'running'
       AND (ranked.rank > $2 OR ranked.started_at < now() - make_interval(days => $1))`,
    [days, each],
  )
  return rowCount ?? 0
}

/** What is known of one version in one registry. */
export interface Traces {
  /** As the catalog has it. */
  held: {
    createdAt: Date
    goneAt: Date | null
    leftOutBy: string
    heldAt: Date | null
    keptAt: Date | null
  } | null
  failure: { reason: string; since: Date } | null
  /** Some other versions of the pack that are listed, newest first. */
  others: string[]
}

/** So many other versions are named. */
export const OTHERS_SHOWN = 5

export async function findTraces(
  tenantId: string,
  registryId: string,
  name: string,
  version: string,
): Promise<Traces> {
  const db = inTenant(tenantId)
  const [held, failure, others] = await Promise.all([
    db.packVersion.findFirst({
      where: { tenantId, registryId, name, version },
      select: {
        createdAt: true,
        goneAt: true,
        leftOutBy: true,
        held: { select: { heldAt: true, keptAt: true } },
      },
    }),
    db.syncFailure.findFirst({ where: { tenantId, registryId, name, version } }),
    db.packVersion.findMany({
      where: { tenantId, registryId, name, goneAt: null, version: { not: version } },
      orderBy: [{ versionKey: 'desc' }, { version: 'asc' }],
      select: { version: true },
      take: OTHERS_SHOWN,
    }),
  ])
  const [removal] = held?.held ?? []
  return {
    held: held && {
      ...{ createdAt: held.createdAt, goneAt: held.goneAt, leftOutBy: held.leftOutBy },
      ...{ heldAt: removal?.heldAt ?? null, keptAt: removal?.keptAt ?? null },
    },
    failure: failure && { reason: failure.reason, since: failure.firstFailedAt },
    others: others.map((one) => one.version),
  }
}
