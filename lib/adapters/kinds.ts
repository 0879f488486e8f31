import { createOutbound, type Outbound, type OutboundLimits, type OutboundOptions } from '../outbound/client'
import type { EgressPolicy } from '../outbound/policy'
import type { Turns } from '../outbound/turns'
import type { RegistryAdapter } from './adapter'
import { withCaution } from './caution'
import { helmAdapter } from './helm'
import { ociAdapter } from './oci'
import { packAdapter } from './pack'
import type { Connection, RegistryKind } from './schema'

/** `outboundTo` makes a client that takes the same credentials to another origin: close it too. */
type MakeAdapter = (
  connection: Connection,
  outbound: Outbound,
  outboundTo: (origin: string) => Outbound,
) => RegistryAdapter

/** One entry a kind: the compiler asks for a new one here. */
const ADAPTERS = {
  pack: packAdapter,
  oci: ociAdapter,
  helm: (connection, outbound) => helmAdapter(connection, outbound),
} satisfies Record<RegistryKind, MakeAdapter>

/**
 * An adapter for one registry, with connections of its own: close it after use.
 *
 * @param limits and `lookup` where they are not the usual ones
 * @param turns where many registries may be read at the same time
 * @throws OutboundError `tls_ca_setting`, `tls_client_setting`
 */
export function openAdapter(
  connection: Connection,
  policy: EgressPolicy,
  limits: Partial<OutboundLimits> = {},
  lookup?: OutboundOptions['lookup'],
  turns?: Turns,
): RegistryAdapter {
  const { endpoint, auth, tls, kind } = connection
  const cautious = withCaution(auth)
  const own = new URL(endpoint).origin
  const outboundTo = (origin: string) => {
    // A token server gets the credentials; who holds the certificate is the registry's to know.
    const { client, ...others } = tls
    const shown = origin === own ? tls : others
    return cautious(createOutbound({ origin, auth, tls: shown, policy, limits, lookup, turns }), origin)
  }
  return ADAPTERS[kind](connection, outboundTo(own), outboundTo)
}
