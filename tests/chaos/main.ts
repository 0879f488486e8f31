/**
 * `npm run chaos -- [--minutes 30] [--seed N] [--fault K] [--point P]`
 *
 * With `--minutes 0` each once. Else it draws faults and the points at which they strike by a seed, for so long, and
 * prints for each how often it ran, held and broke. Ends with 1 where one broke, and says how to see it again.
 *
 * `npm run chaos -- [--kills 200] [--power-cuts 20] [--leaks] [--seed N]`
 *
 * Instead of them: so many kills of the worker, or of the database, at random moments of syncs; and what console and
 * worker hold open before and after many syncs and requests.
 */
import { parseArgs } from 'node:util'

import type { Point } from './points'

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    fault: { type: 'string' },
    point: { type: 'string' },
    kills: { type: 'string' },
    'power-cuts': { type: 'string' },
    leaks: { type: 'boolean', default: false },
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
const ERROR_SHOWN = 500
const TOLD_EVERY = 20
/** Of pino's lines: errors. */
const isError = (line: string) => /"level":[56]0/.test(line)

const say = (text: string) => process.stdout.write(`${text}\n`)
/** What the workers had to say last. */
function sayErrors(): void {
  for (const line of world.logs().split('\n').filter(isError).slice(-ERRORS_SHOWN))
    say(`        ${line.slice(0, ERROR_SHOWN)}`)
}
const seed = Number(options.seed)
const random = randomOf(seed)
/** 0: each fault once, however long that takes. */
const minutes = Number(options.minutes)
const end = Date.now() + minutes * 60_000
say(`Seed ${seed}`)

let world = await startWorld()

const storms = (['kills', 'power-cuts'] as const).filter((one) => Number(options[one] ?? 0) > 0)
if (storms.length > 0 || options.leaks) {
  const { runStorm, STORMS } = await import('./storm')
  const { leaksLack, mustNotLeak } = await import('./leaks')
  let isBroken = false
  const hold = async (name: string, again: string, work: () => Promise<string>) => {
    try {
      say(`held    ${name}: ${await work()}`)
    } catch (error) {
      isBroken = true
      say(`BROKEN  ${name}: ${error instanceof Error ? error.message : error}`)
      sayErrors()
      say(`        Again: npm run chaos -- ${again} --seed ${seed}`)
    }
  }
  for (const storm of storms) {
    const times = Number(options[storm])
    await hold(`${STORMS[storm].name}, ${times} times`, `--${storm} ${times}`, async () => {
      const { synced, seconds } = await runStorm(world, STORMS[storm], times, random, (struck) => {
        if (struck % TOLD_EVERY === 0) say(`        ${struck} of ${times}`)
      })
      return `${synced} first syncs ended well meanwhile, all were well ${seconds.toFixed(1)} s after the last`
    })
  }
  const lacks = leaksLack()
  if (options.leaks && lacks) say(`not run Nothing that is open grows: ${lacks}`)
  else if (options.leaks)
    await hold('Nothing that is open grows', '--leaks', async () => {
      const lines: string[] = []
      await mustNotLeak(world, random, (line) => lines.push(line))
      return lines.join('; ')
    })
  await world.close()
  process.exit(isBroken ? 1 : 0)
}

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
    sayErrors()
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
