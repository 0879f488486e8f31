import dns from 'node:dns'
import net from 'node:net'

import { buildConnector } from 'undici'
import { OutboundError } from './errors'
import type { EgressPolicy } from './policy'
import type { TlsSettings } from './schema'
import { hostCertificates, readCa, readClient } from './trust'

export interface ConnectorOptions {
  /** Scheme, host and port: where the TLS settings hold. */
  origin: string
  tls: TlsSettings
  policy: EgressPolicy
  /** For tests of rebinding; the system's resolver otherwise. */
  lookup?: typeof dns.lookup | undefined
}

const MAX_HOSTS = 1000

/** Whether hosts that were connected to are public, by the address that was connected to. */
export interface SeenHosts {
  /** @returns undefined where there was no connection */
  isPublic(hostname: string): boolean | undefined
  note(hostname: string, isPublic: boolean): void
}

export function seenHosts(): SeenHosts {
  const seen = new Map<string, boolean>()
  return {
    isPublic: (hostname) => seen.get(hostname),
    note(hostname, isPublic) {
      // Who changes its mind counts as public: that is what leads nowhere inside.
      const is = isPublic || seen.get(hostname) === true
      if (seen.size >= MAX_HOSTS) seen.clear()
      seen.set(hostname, is)
    },
  }
}

/**
 * Makes connections, each to an address that the policy allows: a name is looked up once, all that it stands for is
 * checked, and one of these addresses is connected to.
 *
 * Skipping verification is for the one origin that a person entered; wherever that leads, certificates are verified.
 *
 * @param publicOnly refuses addresses inside, also where the policy allows them
 * @throws OutboundError `tls_ca_setting`, `tls_client_setting`
 */
export function guardedConnector(
  { origin, tls, policy, lookup: resolver = dns.lookup }: ConnectorOptions,
  { connectMs }: { connectMs: number },
  hosts: SeenHosts,
  publicOnly: boolean,
): buildConnector.connector {
  const refuse = () => new OutboundError('not_allowed', 'This address is not allowed.')
  // A name that stood for a public address does not come to stand for one inside.
  const allows = (address: string, host: string) =>
    policy.allows(address, host) &&
    (policy.isPublic(address) || (!publicOnly && hosts.isPublic(host) !== true))
  const lookup: net.LookupFunction = (hostname, lookupOptions, done) => {
    resolver(hostname, { ...lookupOptions, all: true }, (error, list) => {
      if (error) return done(error, '')
      // One that is not allowed spoils the name: which one is connected to is not ours to choose.
      if (list.length === 0 || list.some((one) => !allows(one.address, hostname))) return done(refuse(), '')
      if (lookupOptions.all) return (done as (e: null, l: dns.LookupAddress[]) => void)(null, list)
      const [first] = list
      done(null, first?.address ?? '', first?.family ?? 4)
    })
  }
  const own = origin.startsWith('https:') ? readCa(tls) : []
  const client = origin.startsWith('https:') ? readClient(tls) : {}
  const connecting = (verifies: boolean, shows: { cert?: string; key?: string } = {}) =>
    buildConnector({
      ...shows,
      lookup,
      timeout: connectMs,
      allowH2: false,
      rejectUnauthorized: verifies,
      ca: [...hostCertificates(), ...own],
      // A certificate that a person trusts is trusted itself, also where its authority is not known.
      allowPartialTrustChain: true,
    } as buildConnector.BuildOptions)
  const verifying = connecting(true)
  // Who we are is shown to the origin alone, as credentials are.
  const toOrigin =
    tls.insecureSkipVerify || client.cert ? connecting(!tls.insecureSkipVerify, client) : verifying
  return (target, callback) => {
    const host = target.hostname.replace(/^\[|\]$/g, '')
    // A literal address is never looked up.
    if (net.isIP(host) && !allows(host, host)) return callback(refuse(), null)
    const isOrigin = new URL(`${target.protocol}//${target.host ?? target.hostname}`).origin === origin
    const connect = isOrigin ? toOrigin : verifying
    connect(target, (...[error, socket]: Parameters<buildConnector.Callback>) => {
      if (error) return callback(error, null)
      hosts.note(target.hostname, policy.isPublic(socket.remoteAddress ?? ''))
      callback(null, socket)
    })
  }
}
