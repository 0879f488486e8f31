import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import type { RemoteError } from '../adapters/adapter'
import { checkConnection } from '../adapters/check'
import { normaliseEndpoint } from '../adapters/endpoint'
import type { CheckStep, Connection } from '../adapters/schema'
import { CHECK_STEPS } from '../adapters/words'
import { env } from '../env'
import { AppError } from '../errors'
import { OutboundError } from '../outbound/errors'
import { type EgressPolicy, readEgressPolicy } from '../outbound/policy'
import { readClient } from '../outbound/trust'
import { parse } from '../parse'
import { openStored } from './open'
import { RegistryInput } from './schema'

let policy: EgressPolicy | undefined

/** The operator's egress policy. */
export function egressPolicy(): EgressPolicy {
  policy ??= readEgressPolicy(env().PACKYARD_EGRESS)
  return policy
}

/** What of a registry says how it is reached. */
const Reach = RegistryInput.pick({ kind: true, endpoint: true, auth: true, tls: true, oci: true })

export interface CheckReport {
  passed: boolean
  endpoint: string
  steps: CheckStep[]
}

/**
 * What a person entered, as an adapter needs it. A secret that is missing is an empty one.
 *
 * @throws AppError `invalid`
 */
export function toConnection({
  kind,
  endpoint,
  auth,
  tls,
  oci,
}: Pick<RegistryInput, 'kind' | 'endpoint' | 'auth' | 'tls' | 'oci'>): Connection {
  if ((kind === 'oci') !== (oci !== undefined))
    throw new AppError('invalid', 'An OCI registry needs to know what it holds, and no other kind does.', {
      fields: { 'spec.providerType': kind === 'oci' ? 'Choose what it holds' : 'For an OCI registry only' },
    })
  const { client, ...others } = tls
  return {
    kind,
    endpoint: normaliseEndpoint(endpoint, kind),
    tls: { ...others, ...(client && { client: { ...client, key: client.key ?? '' } }) },
    ...(oci && { oci }),
    auth:
      auth.type === 'basic'
        ? { ...auth, password: auth.password ?? '' }
        : auth.type === 'token'
          ? { type: 'token', token: auth.token ?? '' }
          : auth,
  }
}

/** @throws AppError `invalid` where the client certificate and its key are none, or do not belong together */
export function mustBePair({ tls, endpoint }: Connection): void {
  if (!tls.client) return
  const at = (field: string, message: string) =>
    new AppError('invalid', message, { fields: { [`spec.auth.tls.${field}`]: message } })
  if (!endpoint.startsWith('https:')) throw at('certificate', 'A client certificate needs https.')
  if (tls.client.key === '') throw at('key', 'Enter the private key of the client certificate.')
  try {
    readClient(tls)
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    throw at(/private key/.test(error.message) ? 'key' : 'certificate', error.message)
  }
}

/** Tests a connection that somebody is about to save. */
export async function checkInput(
  actor: Actor,
  input: Parameters<typeof toConnection>[0],
): Promise<CheckReport> {
  authorize(actor, 'packRegistry.create')
  return report(toConnection(parse(Reach, input)))
}

/** The same, for callers that want a yes or the reason. @throws AppError `check_failed` with the steps */
export async function validateInput(actor: Actor, input: Parameters<typeof toConnection>[0]): Promise<void> {
  authorize(actor, 'packRegistry.create')
  await mustPass(toConnection(parse(Reach, input)))
}

/** Tests a registry as it is stored. Takes nothing else: a stored secret goes to its own registry only. */
export async function checkStored(actor: Actor, id: string): Promise<CheckReport> {
  authorize(actor, 'packRegistry.update')
  const { connection, lost } = await openStored(actor.tenantId, id)
  return lost ? notOpened(connection.endpoint, lost) : report(connection)
}

/** Nothing was asked: without the secret the answer would be another. */
const notOpened = (endpoint: string, { step: failed, message, fix }: RemoteError): CheckReport => ({
  passed: false,
  endpoint,
  steps: CHECK_STEPS.map((step) =>
    step === failed
      ? { step, status: 'failed', ms: 0, seen: message, fix }
      : { step, status: 'not_reached', ms: 0, seen: '' },
  ),
})

async function report(connection: Connection): Promise<CheckReport> {
  mustBePair(connection)
  const steps = await checkConnection(connection, egressPolicy())
  return { passed: steps.every((step) => step.status !== 'failed'), endpoint: connection.endpoint, steps }
}

/** @throws AppError `check_failed` with the steps, unless the test passed */
export async function mustPass(connection: Connection): Promise<void> {
  const { passed, steps } = await report(connection)
  if (passed) return
  const failed = steps.find((step) => step.status === 'failed')
  throw new AppError('check_failed', failed?.seen ?? 'The connection test failed.', { data: { steps } })
}
