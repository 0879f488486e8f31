import type { CheckStep, CheckStepName } from '@/lib/adapters/schema'

const NAMES: Record<CheckStepName, string> = {
  address: 'Address allowed',
  name: 'Name resolved',
  connection: 'TCP connection',
  tls: 'TLS',
  http: 'HTTP',
  registry: 'Kind of registry',
  credentials: 'Credentials',
  catalog: 'Catalog readable',
  pack: 'One pack readable',
}
const MARKS: Record<CheckStep['status'], string> = {
  passed: 'ok',
  warned: 'warning',
  failed: 'FAILED',
  not_reached: '-',
}
const TRUST = 'Here: --ca FILE. With --output json the certificates that were shown are there, each as pem.'
const WIDTH = Math.max(...Object.values(NAMES).map((name) => name.length))

/** A connection test as lines: each step with its result, its time, what was seen and what to do. */
export const ladderLines = (steps: readonly CheckStep[]): string[] =>
  steps.flatMap(({ step, status, ms, seen, fix, certificates, otherKind }) => [
    [
      MARKS[status].padEnd(7),
      NAMES[step].padEnd(WIDTH),
      (status === 'not_reached' ? '' : `${Math.round(ms)} ms`).padStart(8),
      seen,
    ]
      .join('  ')
      .trimEnd(),
    ...(status === 'failed' ? (certificates ?? []) : []).map(
      ({ subject, issuer, validTo, fingerprint }) =>
        `         ${subject}, issued by ${issuer}, valid to ${validTo}, SHA-256 ${fingerprint}`,
    ),
    ...(fix ? [`         ${fix}`] : []),
    ...(otherKind ? [`         Here that is: --kind ${otherKind}`] : []),
    ...(status === 'failed' && certificates?.length ? [`         ${TRUST}`] : []),
  ])
