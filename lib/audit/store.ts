import type { Prisma } from '../db/generated/client'
import { inTenant } from '../db/in-tenant'

export const insertEvent = (
  tenantId: string,
  data: Omit<Prisma.AuditEventUncheckedCreateInput, 'tenantId'>,
) => inTenant(tenantId).auditEvent.create({ data: { ...data, tenantId }, select: { id: true } })
