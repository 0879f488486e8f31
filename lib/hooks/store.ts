import { inTenant, operatorSql } from '../db/in-tenant'

export interface Hook {
  madeAt: Date
  /** When the registry last told of changes. */
  heardAt: Date | null
}

/** @returns null where the registry may not notify us, or is not there */
export async function findHook(tenantId: string, registryId: string): Promise<Hook | null> {
  const row = await inTenant(tenantId).registry.findFirst({
    where: { tenantId, id: registryId, sealedHook: { not: null } },
    select: { hookMadeAt: true, hookHeardAt: true },
  })
  return row?.hookMadeAt ? { madeAt: row.hookMadeAt, heardAt: row.hookHeardAt } : null
}

/** @param sealed the secret; null: the registry may notify us no more */
export async function writeHook(tenantId: string, registryId: string, sealed: string | null): Promise<void> {
  await inTenant(tenantId).registry.updateMany({
    where: { tenantId, id: registryId },
    data: { sealedHook: sealed, hookMadeAt: sealed ? new Date() : null, hookHeardAt: null },
  })
}

/** Of a registry of any tenant: who notifies us does not say whose it is. */
export async function findSealedHook(
  registryId: string,
): Promise<{ tenantId: string; sealed: string } | null> {
  const { rows } = await operatorSql().query(
    `SELECT tenant_id AS "tenantId", sealed_hook AS sealed FROM registry
     WHERE id = $1 AND sealed_hook IS NOT NULL`,
    [registryId],
  )
  return rows[0] ?? null
}
