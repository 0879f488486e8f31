import { createHash } from 'node:crypto'
import dns from 'node:dns'
import net from 'node:net'
import tls, { type DetailedPeerCertificate } from 'node:tls'
import { OutboundError, toOutboundError } from './errors'
import type { EgressPolicy } from './policy'
import type { SeenCertificate, TlsSettings } from './schema'
import { hostCertificates, readCa } from './trust'

const CHAIN_MAX = 10

/**
 * The addresses of a host, when the policy allows all of them.
 *
 * @throws OutboundError `name_not_found`, `not_allowed`; the addresses of a refused host are not told
 */
export async function resolveAllowed(hostname: string, policy: EgressPolicy): Promise<string[]> {
  const host = hostname.replace(/^\[|\]$/g, '')
  const addresses = net.isIP(host)
    ? [host]
    : await dns.promises.lookup(host, { all: true }).then(
        (list) => list.map((one) => one.address),
        (error) => {
          throw toOutboundError(error, host)
        },
      )
  if (addresses.length === 0 || addresses.some((one) => !policy.allows(one, host)))
    throw new OutboundError('not_allowed', 'This address is not allowed.')
  return addresses
}

/** Opens a TCP connection to the first of these addresses that takes it. @throws OutboundError */
export async function connectTcp(addresses: string[], port: number, ms: number): Promise<net.Socket> {
  let last: unknown
  for (const host of addresses.slice(0, 4)) {
    try {
      return await new Promise<net.Socket>((done, fail) => {
        const socket = net.connect({ host, port, timeout: ms })
        socket.once('connect', () => {
          socket.setTimeout(0)
          done(socket)
        })
        socket.once('timeout', () =>
          socket.destroy(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' })),
        )
        socket.once('error', fail)
      })
    } catch (error) {
      last = error
    }
  }
  throw toOutboundError(last, `${addresses[0]}:${port}`)
}

export interface SeenTls {
  /** Leaf first. */
  certificates: SeenCertificate[]
  protocol: string
  /** Why the chain would not be trusted; null when it would. */
  problem: OutboundError | null
  /** The name is in the subject alone, as old certificates have it. */
  nameInSubjectOnly: boolean
}

/** Shakes hands over an open connection and looks at the certificates, trusted or not. @throws OutboundError */
export async function inspectTls(
  socket: net.Socket,
  host: string,
  settings: TlsSettings,
  ms: number,
): Promise<SeenTls> {
  const ca = readCa(settings)
  return new Promise((done, fail) => {
    const secure = tls.connect({
      socket,
      servername: net.isIP(host) ? undefined : host,
      rejectUnauthorized: false,
      ca: [...hostCertificates(), ...ca],
      allowPartialTrustChain: true, // as the client does
    })
    const timer = setTimeout(
      () =>
        secure.destroy(new OutboundError('tls_silent', `${host} did not answer the TLS handshake in time.`)),
      ms,
    )
    const refuse = (error: Error) => {
      clearTimeout(timer)
      // An answer in plain HTTP is no TLS record; so is silence followed by an end.
      const plain = 'code' in error && ['ECONNRESET', 'EPROTO'].includes(String(error.code))
      fail(
        plain
          ? new OutboundError('tls_protocol', `${host} does not speak TLS there.`, { cause: error })
          : toOutboundError(error, host),
      )
    }
    secure.once('error', refuse)
    secure.once('secureConnect', () => {
      clearTimeout(timer)
      secure.off('error', refuse).on('error', () => {})
      const peer = secure.getPeerCertificate(true)
      const mismatch = tls.checkServerIdentity(host, peer)
      const reason = secure.authorizationError as unknown as Error | string | null
      const code = typeof reason === 'string' ? reason : ((reason as { code?: string } | null)?.code ?? null)
      const cause = code ? Object.assign(new Error(code), { code }) : mismatch
      done({
        certificates: chainOf(peer),
        protocol: secure.getProtocol() ?? 'TLS',
        problem: cause ? (toOutboundError(cause, host) as OutboundError) : null,
        nameInSubjectOnly: !peer.subjectaltname,
      })
      secure.destroy()
    })
  })
}

function chainOf(leaf: DetailedPeerCertificate): SeenCertificate[] {
  const seen = new Map<string, SeenCertificate>()
  for (
    let at: DetailedPeerCertificate | undefined = leaf;
    at?.raw && seen.size < CHAIN_MAX;
    at = at.issuerCertificate
  ) {
    const fingerprint = createHash('sha256').update(at.raw).digest('hex')
    if (seen.has(fingerprint)) break
    const name = (parts: tls.Certificate) => [parts?.CN, parts?.O].flat().filter(Boolean).join(', ')
    const pem = at.raw
      .toString('base64')
      .match(/.{1,64}/g)
      ?.join('\n')
    seen.set(fingerprint, {
      subject: name(at.subject),
      issuer: name(at.issuer),
      names: (at.subjectaltname ?? '')
        .split(', ')
        .map((one) => one.replace(/^(?:DNS|IP Address):/, ''))
        .filter(Boolean),
      validFrom: new Date(at.valid_from).toISOString(),
      validTo: new Date(at.valid_to).toISOString(),
      fingerprint,
      pem: `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
    })
  }
  return [...seen.values()]
}
