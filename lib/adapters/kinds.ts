import { createOutbound, type OutboundLimits } from '../outbound/client'
import type { EgressPolicy } from '../outbound/policy'
import type { RegistryAdapter } from './adapter'
import { packAdapter } from './pack'
import type { Connection, RegistryKind } from './schema'

/** One entry a kind: the compiler asks for a new one here. */
const ADAPTERS = {
  pack: packAdapter,
} satisfies Record<RegistryKind, typeof packAdapter>

/**
 * An adapter for one registry, with connections of its own: close it after use.
 *
 * @throws OutboundError `tls_ca_setting`
 */
export function openAdapter(
  connection: Connection,
  policy: EgressPolicy,
  limits: Partial<OutboundLimits> = {},
): RegistryAdapter {
  const { endpoint, auth, tls, kind } = connection
  return ADAPTERS[kind](
    connection,
    createOutbound({ origin: new URL(endpoint).origin, auth, tls, policy, limits }),
  )
}
