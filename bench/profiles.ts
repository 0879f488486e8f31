/**
 * `npm run bench:profiles -- [--rounds 30]`
 *
 * Measures the rules over profiles made of our sample packs, as the builder and the console ask them. "edited" is what
 * happens while somebody works: one text of the profile changed, and the others are remembered. "first" reads every text
 * anew. Prints one JSON object: for each size the median and the 99th percentile in milliseconds, of the processor's time
 * (what else the machine does is not counted) and by the clock.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { PackManifest } from '../lib/pack-format/manifest'
import { parseValueSchema } from '../lib/pack-format/value-schema'
import { checkProfile } from '../lib/profiles/rules/check'
import type { CheckedLayer, Subject } from '../lib/profiles/rules/subject'
import { NEW_VARIABLE } from '../lib/profiles/variable'

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '30' } } })
const ROUNDS = Number(options.rounds)
/** Of a profile of 30 layers, in milliseconds: read anew, and after any edit. */
const GOAL_MS = 50

const samples = readdirSync('packs').flatMap((name) => {
  const read = (file: string) => {
    const at = path.join('packs', name, file)
    return existsSync(at) ? readFileSync(at, 'utf8') : ''
  }
  const manifest = read('pack.json')
  return manifest
    ? [
        {
          manifest: PackManifest.parse(JSON.parse(manifest)),
          values: read('values.yaml'),
          schema: parseValueSchema(read('schema.yaml')),
        },
      ]
    : []
})

let unique = 0
/** A text that nobody has read before. */
const fresh = (text: string) => `${text}\n# ${unique++}\n`

function makeProfile(layers: number): Subject {
  const variables = Array.from({ length: 20 }, (_, i) => ({ ...NEW_VARIABLE, name: `v${i}` }))
  return {
    ...{ type: 'cluster', cloudType: 'all', today: '2026-06-01', variables },
    layers: Array.from({ length: layers }, (_, i): CheckedLayer => {
      const { manifest, values, schema } = samples[i % samples.length] as (typeof samples)[number]
      return {
        ...{ name: `${i}--${manifest.name}`, displayName: manifest.displayName, version: manifest.version },
        ...{ layer: manifest.layer, digest: '' },
        values: fresh(`${values}\nextra: '{{.spectro.var.v${i % 20}}}'\n`),
        pack: {
          cloudTypes: manifest.cloudTypes ?? [],
          dependencies: manifest.constraints?.dependencies ?? [],
          resources: manifest.constraints?.resources ?? [],
          ...{ schema, own: values, state: 'active', eol: manifest.eol ?? '', digest: '' },
        },
      }
    }),
  }
}

const round = (value: number) => Number(value.toFixed(2))
interface Took {
  cpu: number
  clock: number
}

function timed(profile: Subject): Took {
  const [cpu, clock] = [process.cpuUsage(), performance.now()]
  checkProfile(profile)
  const used = process.cpuUsage(cpu)
  return { cpu: (used.user + used.system) / 1000, clock: performance.now() - clock }
}

const percentiles = (times: number[]) => {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (part: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0)
  return { median: at(0.5), p99: at(0.99) }
}

const summary = (took: Took[]) => ({
  cpu: percentiles(took.map((one) => one.cpu)),
  clock: percentiles(took.map((one) => one.clock)),
})

function measure(layers: number) {
  const first: Took[] = []
  const edited: Took[] = []
  let profile = makeProfile(layers)
  for (let i = 0; i < 5; i++) checkProfile(makeProfile(layers))
  for (let i = 0; i < ROUNDS; i++) {
    profile = makeProfile(layers)
    first.push(timed(profile))
    const at = i % layers
    const layer = profile.layers[at] as CheckedLayer
    profile = { ...profile, layers: profile.layers.with(at, { ...layer, values: fresh(layer.values) }) }
    edited.push(timed(profile))
  }
  const bytes = profile.layers.reduce((sum, one) => sum + one.values.length, 0)
  return { layers, bytes, first: summary(first), edited: summary(edited) }
}

const sizes = [measure(5), measure(30), measure(200)]
const thirty = sizes[1]
const isMet = Math.max(thirty?.first.cpu.median ?? 0, thirty?.edited.cpu.p99 ?? 0) < GOAL_MS
console.log(
  JSON.stringify({ unit: 'ms', rounds: ROUNDS, sizes, goal: { layers: 30, ms: GOAL_MS, isMet } }, null, 2),
)
