import type { Socket } from 'node:net'

import type { EgressPolicy } from '../outbound/policy'
import { connectTcp, inspectTls, resolveAllowed } from '../outbound/probe'
import { RemoteError } from './adapter'
import { explain } from './explain'
import { openAdapter } from './kinds'
import type { CheckStep, CheckStepName, Connection } from './schema'
import { CHECK_STEPS } from './words'

const TOTAL_MS = 20_000
const STEP_MS = 5_000
const SOON_DAYS = 14
const DAY_MS = 86_400_000

/**
 * Climbs the ladder of the connection test: may the address be used, is the name known, does the server take a
 * connection, whom does it say it is, is it a registry of this kind, does it take the credentials, can the catalog and
 * one pack be read. Stops at the first step that fails; the rest is `not_reached`.
 *
 * @returns every step, in order
 * @throws only what `signal` aborts with, or errors of our own
 */
export async function checkConnection(
  connection: Connection,
  policy: EgressPolicy,
  signal?: AbortSignal,
): Promise<CheckStep[]> {
  const steps: CheckStep[] = []
  const deadline = AbortSignal.timeout(TOTAL_MS)
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline
  try {
    for await (const step of climb(connection, policy, either)) {
      steps.push(step)
      if (step.status === 'failed') break
    }
  } catch (error) {
    if (!deadline.aborted) throw error
    const step = CHECK_STEPS.find((one) => !steps.some((done) => done.step === one)) ?? 'pack'
    steps.push({
      step,
      status: 'failed',
      ms: TOTAL_MS,
      seen: `No end after ${TOTAL_MS / 1000} seconds.`,
      fix: 'Look at the registry, or at the network: it is too slow.',
    })
  }
  const done = new Map(steps.map((step) => [step.step, step]))
  return CHECK_STEPS.map((step) => done.get(step) ?? { step, status: 'not_reached', ms: 0, seen: '' })
}

async function* climb(
  connection: Connection,
  policy: EgressPolicy,
  signal: AbortSignal,
): AsyncIterable<CheckStep> {
  const url = new URL(connection.endpoint)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  let socket: Socket | undefined
  let began = Date.now()
  const passed = (step: CheckStepName, seen: string, rest: Partial<CheckStep> = {}): CheckStep => {
    const ms = Date.now() - began
    began = Date.now()
    return { step, status: 'passed', ms, seen, ...rest }
  }
  try {
    const addresses = await resolveAllowed(url.hostname, policy).catch((error) => {
      // The name comes before the policy for people, though both are asked at once.
      throw explain(error)
    })
    yield passed('address', 'Allowed')
    yield passed('name', addresses.join(', '))
    socket = await connectTcp(addresses, port, STEP_MS)
    yield passed('connection', `Port ${port} is open`)
    if (url.protocol === 'http:') {
      yield passed('tls', 'Not encrypted: passwords and packs travel in the clear.', {
        status: 'warned',
        fix: 'Use https where the registry can.',
      })
    } else yield await tlsStep(socket)

    async function tlsStep(socket: Socket): Promise<CheckStep> {
      const seen = await inspectTls(socket, host, connection.tls, STEP_MS)
      const { certificates, problem, protocol } = seen
      if (connection.tls.insecureSkipVerify)
        return passed('tls', `${protocol}, not verified: anybody could be answering.`, {
          status: 'warned',
          fix: 'Switch verification on, and paste the CA certificate if the registry has one of its own.',
          certificates,
        })
      if (problem) {
        const { message, fix } = explain(problem) as RemoteError
        return passed('tls', message, { status: 'failed', fix, certificates })
      }
      const [leaf] = certificates
      const days = leaf
        ? Math.floor((Date.parse(leaf.validTo) - Date.now()) / DAY_MS)
        : Number.POSITIVE_INFINITY
      if (days < SOON_DAYS)
        return passed('tls', `${protocol}. The certificate expires in ${days} days.`, {
          status: 'warned',
          fix: 'Renew the certificate of the registry.',
          certificates,
        })
      if (seen.nameInSubjectOnly)
        return passed('tls', `${protocol}. The certificate names its host in the old way only.`, {
          status: 'warned',
          fix: 'Make the next certificate with a subject alternative name (openssl: -addext subjectAltName=DNS:HOST).',
          certificates,
        })
      return passed('tls', `${protocol}, ${leaf?.subject ?? 'certificate'} by ${leaf?.issuer ?? 'unknown'}`, {
        certificates,
      })
    }
  } catch (error) {
    const reason = explain(error)
    if (!(reason instanceof RemoteError)) throw reason
    if (reason.step === 'name') yield passed('address', 'Allowed')
    yield {
      step: reason.step,
      status: 'failed',
      ms: Date.now() - began,
      seen: reason.message,
      fix: reason.fix,
    }
    return
  } finally {
    socket?.destroy()
  }

  const adapter = openAdapter(connection, policy, {
    connectMs: STEP_MS,
    headersMs: STEP_MS,
    bodyIdleMs: STEP_MS,
  })
  try {
    yield* adapter.check(signal)
  } finally {
    await adapter.close()
  }
}
