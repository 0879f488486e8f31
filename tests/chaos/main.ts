/**
 * `npm run chaos -- [--minutes 30] [--seed N] [--fault K] [--point P]`
 *
 * With `--minutes 0` each once. Else it draws faults and the points at which they strike by a seed, for so long, and prints for each how often it ran, held and
 * broke. Ends with 1 where one broke, and says how to see it again.
 */
import { parseArgs } from 'node:util'

import type { Point } from './points'

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    fault: { type: 'string' },
    point: { type: 'string' },
  },
})

// What the console's own parts say in this process is in nobody's way. Known before they are loaded.
process.env.PACKYARD_LOG_LEVEL = 'silent'
const { FAULTS } = await import('./faults')
const { POINTS } = await import('./points')
const { runFault } = await import('./run')
const { startWorld } = await import('./world')

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const ERRORS_SHOWN = 5
/** Of pino's lines: errors. */
const isError = (line: string) => /"level":[56]0/.test(line)

const say = (text: string) => process.stdout.write(`${text}\n`)
const seed = Number(options.seed)
const random = randomOf(seed)
/** 0: each fault once, however long that takes. */
const minutes = Number(options.minutes)
const end = Date.now() + minutes * 60_000
say(`Seed ${seed}`)

let world = await startWorld()
const counts = new Map(
  FAULTS.map((fault) => [fault, { ran: 0, held: 0, slowest: 0, lacks: fault.lacks?.(world) ?? null }]),
)
const able = FAULTS.filter((fault) => !counts.get(fault)?.lacks).filter(
  (fault) => options.fault === undefined || fault.number === Number(options.fault),
)
const broken: string[] = []
// Each once before any is drawn.
const first = [...able]
while (able.length > 0 && (minutes === 0 ? first.length > 0 : Date.now() < end)) {
  const fault = first.shift() ?? able[Math.floor(random() * able.length)]
  if (!fault) break
  const points = fault.points.length > 0 ? fault.points : POINTS.slice(0, 1)
  const drawn = points[Math.floor(random() * points.length)] ?? 'body'
  const point = (options.point as Point | undefined) ?? drawn
  const count = counts.get(fault)
  if (!count) continue
  count.ran++
  const at = fault.points.length > 0 ? ` at ${point}` : ''
  try {
    const seconds = await runFault(world, fault, point, random)
    count.held++
    count.slowest = Math.max(count.slowest, seconds)
    say(`held    ${fault.number} ${fault.name}${at}: well after ${seconds.toFixed(1)} s`)
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error)
    broken.push(`${fault.number}${at}`)
    say(`BROKEN  ${fault.number} ${fault.name}${at}: ${seen}`)
    // What the workers had to say of it.
    for (const line of world.logs().split('\n').filter(isError).slice(-ERRORS_SHOWN)) say(`        ${line}`)
    say(
      `        Again: npm run chaos -- --fault ${fault.number}${fault.points.length > 0 ? ` --point ${point}` : ''} --seed ${seed}`,
    )
    await world.close().catch(() => {})
    world = await startWorld()
  }
}
await world.close()

say('')
for (const [fault, { ran, held, slowest, lacks }] of counts)
  say(
    `${String(fault.number).padStart(2)} ${fault.name}: ${lacks ? `not run: ${lacks}` : `${ran} run, ${held} held, ${ran - held} broken${held ? `, well after ${slowest.toFixed(1)} s at most` : ''}`}`,
  )
const total = [...counts.values()].reduce((sum, { ran }) => sum + ran, 0)
say(`\n${total} run, ${total - broken.length} held, ${broken.length} broken`)
process.exit(broken.length > 0 ? 1 : 0)
