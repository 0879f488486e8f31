import { createHash } from 'node:crypto'
import dns from 'node:dns'
import net from 'node:net'
import tls, { type DetailedPeerCertificate } from 'node:tls'
import { OutboundError, toOutboundError } from './errors'
import type { EgressPolicy } from './policy'
import type { SeenCertificate, TlsSettings } from './schema'
import { hostCertificates, readCa, readClient } from './trust'

const CHAIN_MAX = 10
/** How long a server may take to say what it has against our certificate: as long as it took to shake hands, within. */
const ALERT_MS = { least: 50, most: 1_000 }

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
  const client = readClient(settings)
  return new Promise((done, fail) => {
    const secure = tls.connect({
      ...client,
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
    const began = performance.now()
    secure.once('secureConnect', async () => {
      secure.off('error', refuse).on('error', () => {})
      const peer = secure.getPeerCertificate(true)
      const protocol = secure.getProtocol() ?? 'TLS'
      const mismatch = tls.checkServerIdentity(host, peer)
      const reason = secure.authorizationError as unknown as Error | string | null
      const code = typeof reason === 'string' ? reason : ((reason as { code?: string } | null)?.code ?? null)
      const cause = code ? Object.assign(new Error(code), { code }) : mismatch
      // By TLS 1.3 a server says only after the handshake that it wants a certificate of ours, or another one.
      const end = protocol === 'TLSv1.3' ? await endWithin(secure, performance.now() - began) : null
      clearTimeout(timer)
      if (end instanceof Error) fail(toOutboundError(end, host))
      else if (end === 'silent' && settings.client)
        fail(new OutboundError('tls_client_refused', `${host} broke off when it saw the client certificate.`))
      else
        done({
          ...{ certificates: chainOf(peer), protocol, nameInSubjectOnly: !peer.subjectaltname },
          problem: cause ? (toOutboundError(cause, host) as OutboundError) : null,
        })
      secure.destroy()
    })
  })
}

/** How a server breaks off after a handshake that took so long: with a word of TLS, without; null where it does not. */
async function endWithin(secure: tls.TLSSocket, handshakeMs: number): Promise<Error | 'silent' | null> {
  const ms = Math.min(Math.max(2 * handshakeMs, ALERT_MS.least), ALERT_MS.most)
  let said: Error | null = null
  await new Promise<void>((done) => {
    const timer = setTimeout(done, ms)
    const end = () => {
      clearTimeout(timer)
      done()
    }
    secure
      .once('error', (error) => {
        said = error
        end()
      })
      .once('close', end)
      // What it had to say may come right behind.
      .once('end', () => setTimeout(() => secure.destroy(), ALERT_MS.least))
      .resume()
  })
  const error = said as (Error & { code?: unknown }) | null
  if (error && String(error.code).startsWith('ERR_SSL')) return error
  return error || secure.destroyed ? 'silent' : null
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
