import { RemoteError } from '@/lib/adapters/adapter'
import { type OutboundCode, OutboundError } from '@/lib/outbound/errors'

import { CliError, type CliErrorCode } from './errors'
import { hostOf } from './server-name'

type Advice = [CliErrorCode, (server: string) => string]

/** For each way in which a connection can fail: what that means here, and what to do. */
const ADVICE: Record<OutboundCode, Advice> = {
  not_allowed: ['unreachable', () => 'Use another address.'],
  name_not_found: ['unreachable', () => 'Check the spelling of the host.'],
  name_unavailable: ['unreachable', () => 'Try again. If it lasts, look at the DNS of this machine.'],
  refused: ['unreachable', () => 'Check the port, and that the registry is running.'],
  unreachable: ['unreachable', () => 'Check the network and the firewall.'],
  timeout_connect: ['unreachable', () => 'Check host, port and firewall.'],
  timeout_headers: ['unreachable', () => 'Look at the registry: it took the connection and said nothing.'],
  timeout_body: ['unreachable', () => 'Try again. If it lasts, look at the registry.'],
  timeout_total: ['unreachable', () => 'The registry or the network is too slow. Try again.'],
  tls_unknown_ca: ['untrusted_certificate', adviseTrust],
  tls_expired: ['untrusted_certificate', () => 'Renew the certificate of the registry.'],
  tls_not_yet_valid: ['untrusted_certificate', () => 'Check the clocks of the registry and of this machine.'],
  tls_name: [
    'untrusted_certificate',
    () => 'Use the name that the certificate is for, or a certificate with this name.',
  ],
  tls_protocol: ['unreachable', (server) => `If the registry speaks plain HTTP: ${insecureLogin(server)}`],
  tls_silent: ['unreachable', (server) => `If the registry speaks plain HTTP: ${insecureLogin(server)}`],
  tls_ca_setting: [
    'untrusted_certificate',
    (server) => `Look at ${caFiles(server)}: a CA file is PEM, from BEGIN CERTIFICATE to END CERTIFICATE.`,
  ],
  tls_client_setting: ['failed', () => 'Give certificate and key as PEM.'],
  tls_client_wanted: [
    'unauthorized',
    () => 'The command line shows no client certificate. Push through an address that asks for none.',
  ],
  tls_client_refused: [
    'unauthorized',
    () => 'The command line shows no client certificate. Push through an address that asks for none.',
  ],
  not_http: ['not_a_registry', () => 'Check the port.'],
  too_large: ['not_a_registry', () => 'Check that the address is a pack registry.'],
  redirect_refused: ['not_a_registry', () => 'Use the address that the registry really has.'],
  reset: ['unreachable', adviseInsecure],
}

const caFiles = (server: string) => `/etc/spectro/certs.d/${hostOf(server)}/ca.crt`

const insecureLogin = (server: string) => `packyard registry login ${server} --insecure`

function adviseTrust(server: string): string {
  return `Save the certificate of its authority (its own, if it is self-signed) as ${caFiles(server)}. Or log in without verifying it: ${insecureLogin(server)}`
}

function adviseInsecure(server: string): string {
  return `Try again. If the registry speaks plain HTTP: ${insecureLogin(server)}`
}

/** What failed on the way to a registry, for people. Others pass through. */
export function explain(error: unknown, server: string): unknown {
  const outbound = error instanceof RemoteError ? error.details.cause : error
  if (outbound instanceof OutboundError) {
    const [code, fix] = ADVICE[outbound.code]
    // The wording that people search for.
    const known = outbound.code === 'tls_unknown_ca' ? 'x509: certificate signed by unknown authority. ' : ''
    return new CliError(code, `${known}${outbound.message}`, fix(server), { cause: error })
  }
  if (error instanceof RemoteError)
    return error.step === 'credentials'
      ? new CliError('unauthorized', error.message, `packyard registry login ${server}`, { cause: error })
      : new CliError('refused', error.message, error.fix, { cause: error })
  return error
}
