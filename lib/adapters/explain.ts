import { type OutboundCode, OutboundError } from '../outbound/errors'
import { retryAfterSeconds } from '../outbound/retry-after'
import { RemoteError } from './adapter'
import type { CheckStepName } from './schema'

type Advice = [CheckStepName, 'stalled' | 'generic', string]

/** For each way in which a connection can fail: at which step, whether a person has to act, and what to do. */
const ADVICE: Record<OutboundCode, Advice> = {
  not_allowed: [
    'address',
    'stalled',
    'Ask the operator of this console to allow the address (PACKYARD_EGRESS). Link-local and metadata addresses are never allowed.',
  ],
  name_not_found: [
    'name',
    'stalled',
    'Check the spelling of the host. The console has to be able to resolve it.',
  ],
  name_unavailable: ['name', 'generic', 'Try again. If it lasts, look at the DNS of the console.'],
  refused: ['connection', 'generic', 'Check the port, and that the registry is running.'],
  unreachable: ['connection', 'generic', 'Check the network and the firewall between console and registry.'],
  timeout_connect: [
    'connection',
    'generic',
    'Check host, port and the firewall between console and registry.',
  ],
  timeout_headers: ['http', 'generic', 'Look at the registry: it took the connection and said nothing.'],
  timeout_body: ['http', 'generic', 'Look at the registry: it began to answer and stopped.'],
  timeout_total: ['http', 'generic', 'Look at the registry, or at the network: it is too slow.'],
  tls_unknown_ca: [
    'tls',
    'stalled',
    'Paste the certificate of the registry, or of the authority that signed it, as CA certificate. (x509: certificate signed by unknown authority)',
  ],
  tls_expired: ['tls', 'stalled', 'Renew the certificate of the registry.'],
  tls_not_yet_valid: [
    'tls',
    'stalled',
    'Check the clocks of registry and console, or the dates of the certificate.',
  ],
  tls_name: ['tls', 'stalled', 'Use the name that the certificate is for, or a certificate with this name.'],
  tls_protocol: ['tls', 'stalled', 'If the registry speaks plain HTTP, write its address with http://.'],
  tls_silent: [
    'tls',
    'generic',
    'Look at the registry. If it speaks plain HTTP, write its address with http://.',
  ],
  tls_ca_setting: [
    'tls',
    'stalled',
    'Paste the text between BEGIN CERTIFICATE and END CERTIFICATE, both lines included.',
  ],
  tls_client_setting: [
    'tls',
    'stalled',
    'Give certificate and private key as PEM, the key without a password. They have to belong together.',
  ],
  tls_client_wanted: ['tls', 'stalled', 'Give a client certificate and its private key.'],
  tls_client_refused: [
    'tls',
    'stalled',
    'Use a client certificate that the registry takes: of an authority that it trusts, and still valid.',
  ],
  not_http: [
    'http',
    'stalled',
    'Check the port. If the registry speaks TLS, write its address with https://.',
  ],
  too_large: ['http', 'stalled', 'Check that the address is a registry.'],
  redirect_refused: ['http', 'stalled', 'Enter the address that the registry really has.'],
  reset: ['http', 'generic', 'Try again. If the registry speaks TLS, write its address with https://.'],
}

/** What says nothing of the server's other answers. */
const OF_ONE_ANSWER: readonly OutboundCode[] = ['too_large', 'redirect_refused', 'not_allowed']

/** A failed connection as an error of the registry. Others pass through. */
export function explain(error: unknown): unknown {
  if (!(error instanceof OutboundError)) return error
  const [step, next, fix] = ADVICE[error.code]
  const isOfOneAnswer = OF_ONE_ANSWER.includes(error.code)
  return new RemoteError(step, next, error.message, fix, { cause: error, isOfOneAnswer })
}

/** An answer that is not the one we need, as an error of the registry. */
export function explainStatus(
  status: number,
  headers: Headers,
  step: CheckStepName,
  withCredentials: boolean,
  kind: 'a pack registry' | 'an OCI registry' | 'a Helm repository' = 'a pack registry',
): RemoteError {
  if (status === 401)
    return withCredentials
      ? new RemoteError(
          'credentials',
          'stalled',
          'The registry refused the credentials (401).',
          'Check user name and password.',
        )
      : new RemoteError(
          'credentials',
          'stalled',
          'The registry asks for credentials (401).',
          'Enter user name and password.',
        )
  if (status === 403)
    return new RemoteError(
      'credentials',
      'stalled',
      'The registry knows the credentials and does not let them read (403).',
      'Give this user the right to read, or use another.',
    )
  const wait = retryAfterSeconds(headers.get('retry-after'))
  if (status === 429 || (status === 503 && wait !== undefined))
    return new RemoteError(
      step,
      'waiting',
      `The registry asks to wait (${status}).`,
      'It is tried again by itself.',
      {
        retryAfterSeconds: wait ?? 60,
      },
    )
  if (status >= 500)
    return new RemoteError(
      step,
      'generic',
      `The registry answered with an error (${status}).`,
      'Look at the log of the registry.',
    )
  return new RemoteError(
    step === 'http' ? 'registry' : step,
    step === 'pack' ? 'generic' : 'stalled',
    `The registry answered ${status} where ${kind} would not.`,
    `Check that the address is ${kind}.`,
  )
}
