import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeDatabase } from '../../lib/db/in-tenant'
import { redirects, statuses } from '../fault-registry/cases/answers'
import type { Scenario } from '../fault-registry/cases/case'
import { encryption } from '../fault-registry/cases/tls'
import { transport } from '../fault-registry/cases/transport'
import { FAULT_KINDS } from '../fault-registry/catalog'
import { type FaultRegistry, startFaultRegistry } from '../fault-registry/registry'
import { knownOf, play } from './climb'

let evil: FaultRegistry
beforeAll(async () => {
  evil = await startFaultRegistry({ kind: 'pack', catalog: [] })
})
afterAll(async () => {
  await evil.close()
  await closeDatabase()
})

test.each(FAULT_KINDS)('a healthy %s registry syncs as any other does', async (kind) => {
  const { dumps, before } = await knownOf(kind)
  expect(dumps.before.filter((line) => line.startsWith('version'))).toHaveLength(before.length)
  expect(dumps.after).not.toEqual(dumps.before)
})

const named = (scenarios: readonly Scenario[]) =>
  scenarios.map((one) => [`${one.number} ${one.title}, at ${one.kind}:${one.endpoint}`, one] as const)

describe.concurrent.each([
  ['HTTP', transport],
  ['redirects', redirects],
  ['statuses', statuses],
  ['encryption', encryption],
] as const)('%s', (_group, scenarios) => {
  test.each(named(scenarios))('%s', (_title, scenario) => play(scenario, { evil }))
})
