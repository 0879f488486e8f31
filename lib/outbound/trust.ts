import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import tls from 'node:tls'
import { OutboundError } from './errors'
import type { TlsSettings } from './schema'

/** Where distributions keep the certificates that the host trusts. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

let host: string[] | undefined

/** What the host trusts (its own store where Node can read it, else the distribution's bundle), and Node's own roots. */
export function hostCertificates(): string[] {
  host ??= [...new Set([...tls.rootCertificates, ...systemCertificates()])]
  return host
}

function systemCertificates(): string[] {
  const file = process.env.SSL_CERT_FILE
  const bundle = [...(file ? [file] : []), ...BUNDLES].find((one) => existsSync(one))
  const listed = bundle ? splitPem(readFileSync(bundle, 'utf8')) : []
  // Since Node 22.15.
  const read = (tls as { getCACertificates?: (type: 'system') => string[] }).getCACertificates
  return read ? [...read('system'), ...listed] : listed
}

/** The certificates in a PEM text, one each. */
export function splitPem(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
}

/** The CA certificates of a registry; none where nothing is verified. @throws OutboundError `tls_ca_setting` */
export function readCa({ ca, insecureSkipVerify }: TlsSettings): string[] {
  if (insecureSkipVerify || ca.trim() === '') return []
  const certificates = splitPem(ca)
  try {
    if (certificates.length === 0) throw new Error('no certificate')
    for (const one of certificates) new X509Certificate(one)
  } catch (cause) {
    throw new OutboundError('tls_ca_setting', 'The CA certificate is no certificate in PEM form.', { cause })
  }
  return certificates
}

/**
 * The client certificate of a registry, as connections take it; nothing where there is none.
 *
 * @throws OutboundError `tls_client_setting`
 */
export function readClient({ client }: TlsSettings): { cert?: string; key?: string } {
  if (!client) return {}
  const { certificate: cert, key } = client
  try {
    if (splitPem(cert).length === 0) throw new Error('no certificate')
    tls.createSecureContext({ cert, key })
    return { cert, key }
  } catch {
    // What OpenSSL says could repeat what it was given.
    throw new OutboundError(
      'tls_client_setting',
      splitPem(cert).length === 0
        ? 'The client certificate is no certificate in PEM form.'
        : 'The private key does not belong to the client certificate, or is no key without a password in PEM form.',
    )
  }
}
