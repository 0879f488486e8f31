/**
 * A registry that misbehaves, for whoever writes a client:
 *
 *     npx tsx tests/fault-registry/main.ts --case 27 [--at oci:content] [--seed N] [--port N]
 *     npx tsx tests/fault-registry/main.ts --list
 *
 * It begins healthy, with the earlier of its two catalogs. A line on standard input changes it: `strike` serves the
 * later catalog and misbehaves, `heal` serves it soundly, `back` serves the earlier one.
 */
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

import { nameOf, SCENARIOS } from './cases'
import { trustedServer } from './cases/tls'
import { catalogsOf } from './catalog'
import { seeded } from './random'
import { startFaultRegistry } from './registry'

const { values } = parseArgs({
  options: {
    case: { type: 'string' },
    at: { type: 'string' },
    seed: { type: 'string', default: '1' },
    port: { type: 'string', default: '0' },
    list: { type: 'boolean', default: false },
  },
})
process.stdout.on('error', () => process.exit())
const say = (line: string) => process.stdout.write(`${line}\n`)

async function main() {
  const found = SCENARIOS.filter(
    (one) =>
      (values.case === undefined || one.number === Number(values.case)) &&
      (values.at === undefined || `${one.kind}:${one.endpoint}` === values.at),
  )
  if (values.list || values.case === undefined) {
    for (const one of found) say(nameOf(one))
    return
  }
  const [scenario] = found
  if (!scenario) throw new Error('There is no such case there. --list shows all.')
  const { kind, endpoint } = scenario
  const seed = Number(values.seed)
  const { before, after } = await catalogsOf(kind, seed)
  const secure = scenario.isSecure ? await trustedServer() : undefined
  const registry = await startFaultRegistry({
    ...{ kind, catalog: before, port: Number(values.port) },
    ...(secure && { secure }),
  })
  const evil = await startFaultRegistry({ kind: 'pack', catalog: [] })
  say(`${nameOf(scenario)}\n${registry.url}`)
  if (secure) say(secure.ca)
  for await (const line of createInterface({ input: process.stdin })) {
    const word = line.trim()
    registry.catalog = word === 'back' ? before : after
    registry.fault =
      word === 'strike'
        ? await scenario.fault({
            ...{ kind, endpoint, before, after, random: seeded(seed) },
            ...{ url: registry.url, evil: evil.url },
          })
        : null
    registry.cut()
    say(`${word}: ${registry.seen.length} requests until now, ${evil.seen.length} at the other server`)
  }
  await Promise.all([registry.close(), evil.close()])
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})
