import { openAdapter } from '../../lib/adapters/kinds'
import type { OciSettings } from '../../lib/adapters/schema'
import { inTenant, sqlInTenant } from '../../lib/db/in-tenant'
import type { OutboundLimits, OutboundOptions } from '../../lib/outbound/client'
import { allowPrivate, type EgressPolicy } from '../../lib/outbound/policy'
import { addRegistry } from '../../lib/registries/add'
import { openRegistry } from '../../lib/registries/open'
import { pauseRegistry } from '../../lib/registries/pause'
import { readFailures, readRuns } from '../../lib/sync/history'
import { requestSync } from '../../lib/sync/request'
import { runSync } from '../../lib/sync/run'
import type { FaultKind } from '../fault-registry/catalog'
import { newTenant, registryInput } from '../support/tenant'

/** Looked for wherever it must not be. */
export const CANARY = 'canary-7f3a9c-password'
export const READER = { name: 'reader', password: CANARY }

const OCI: OciSettings = {
  ...{ providerType: 'pack', baseContentPath: '', basePath: '', repositories: [], tokenServer: '' },
}

/** How a registry is reached, where that is not the usual way. */
export interface Reach {
  policy?: EgressPolicy
  limits?: Partial<OutboundLimits>
  lookup?: OutboundOptions['lookup']
  maxVersions?: number
}

/** Deadlines so short that a test can wait for each. */
export const SHORT: Partial<OutboundLimits> = {
  ...{ connectMs: 1_200, headersMs: 1_200, bodyIdleMs: 800, totalMs: 4_000 },
}

/** A tenant of its own with one registry, and what people see of it. */
export async function openConsole(kind: FaultKind, endpoint: string, ca = '') {
  const { tenantId, admin } = await newTenant()

  async function add(kind: FaultKind, endpoint: string, ca = ''): Promise<string> {
    const input = registryInput(endpoint, {
      kind: kind === 'distribution' ? 'pack' : kind,
      auth: { type: 'basic', username: READER.name, password: READER.password },
      tls: { ca, insecureSkipVerify: false },
      ...(kind === 'oci' && { oci: OCI }),
      // Saved without a connection test: what is hostile may be so from the first moment.
      paused: true,
    })
    const { id } = await addRegistry(admin, input)
    await pauseRegistry(admin, id, false)
    return id
  }

  const id = await add(kind, endpoint, ca)

  return {
    ...{ tenantId, admin, id, add },

    /** Makes it due and does what the worker does. */
    async sync(
      { policy = allowPrivate, limits = {}, lookup, maxVersions }: Reach = {},
      which = id,
      signal = never,
    ) {
      await requestSync(admin, which)
      // What a day brings: tags that are known are looked at again.
      await sqlInTenant(tenantId).query(
        `UPDATE registry SET reread_at = now() WHERE tenant_id = $1 AND id = $2 AND kind = 'oci'`,
        [tenantId, which],
      )
      const open = async (tenant: string, registry: string) =>
        openAdapter(await openRegistry(tenant, registry), policy, limits, lookup)
      if (!(await runSync(tenantId, which, open, signal, maxVersions))) throw new Error('It was not due')
      const [run] = await readRuns(admin, which)
      if (!run) throw new Error('There is no run')
      return run
    },

    row: (which = id) => inTenant(tenantId).registry.findFirstOrThrow({ where: { id: which } }),
    failures: () => readFailures(admin, id),

    /** All that the database has of this tenant besides the sealed secret and the user's name, as text. */
    async everything(): Promise<string> {
      const tables = ['registry', 'sync_run', 'sync_run_items', 'sync_failure', 'pack_version', 'audit_event']
      const rows = await Promise.all(
        tables.map(async (table) => {
          const { rows } = await sqlInTenant(tenantId).query(`SELECT * FROM ${table} WHERE tenant_id = $1`, [
            tenantId,
          ])
          return rows.map(({ sealed_secret: _, ...row }: Record<string, unknown>) => row)
        }),
      )
      return JSON.stringify(rows)
    },
  }
}

const never = new AbortController().signal
