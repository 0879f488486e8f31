import { inTenant } from '../db/in-tenant'

const SHOWN_MAX = 1000

export async function findProfilesOfRegistry(tenantId: string, registryId: string) {
  const rows = await inTenant(tenantId).profile.findMany({
    where: { tenantId, layers: { some: { registryId } } },
    select: { id: true, name: true, version: true },
    orderBy: [{ name: 'asc' }, { version: 'asc' }],
    take: SHOWN_MAX,
  })
  return rows.map(({ id, name, version }) => ({ uid: id, name, version }))
}
