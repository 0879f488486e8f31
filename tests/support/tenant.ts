import type { Actor, Role } from '@/lib/access/actor'
import { insertTenant } from '@/lib/access/store'
import type { RegistryInput } from '@/lib/registries/schema'
import { newUid } from '@/lib/uid'

/** A tenant of its own, so that tests do not meet in the one database, and who acts in it. */
export async function newTenant(): Promise<{ tenantId: string; admin: Actor; viewer: Actor }> {
  const tenantId = newUid()
  await insertTenant({ id: tenantId, name: `tenant-${tenantId}`, projectId: newUid() })
  const actor = (role: Role): Actor => ({
    ...{ kind: 'user', id: newUid(), name: role, tenantId },
    ...{ projectId: null, role, requestId: 'test' },
  })
  return { tenantId, admin: actor('tenant-admin'), viewer: actor('tenant-viewer') }
}

/** What a person enters for a registry, unless a test says otherwise. */
export const registryInput = (endpoint: string, rest: Partial<RegistryInput> = {}): RegistryInput => ({
  ...{ name: `registry-${newUid()}`, kind: 'pack', endpoint, auth: { type: 'none' } },
  tls: { ca: '', insecureSkipVerify: false },
  ...{ syncEveryMinutes: 15, paused: false, isPrivate: true, labels: {}, annotations: {} },
  ...rest,
})
