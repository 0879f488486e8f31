import { afterAll, beforeAll, onTestFailed, test } from 'vitest'

import { seeded } from '../fault-registry/random'
import type { Fault } from './fault'
import { POINTS } from './points'
import { runFault } from './run'
import { startWorld, type World } from './world'

const START_MS = 120_000
const FAULT_MS = 180_000

/** Each fault that needs no rights and no tools, once, at one of its points; waits for a time of day are shortened. */
export function onceEach(faults: readonly Fault[]): void {
  let world: World
  const start = async () => {
    world = await startWorld({ isShortened: true })
  }
  beforeAll(start, START_MS)
  afterAll(() => world.close(), START_MS)

  for (const fault of faults.filter((one) => !one.isForChaosOnly)) {
    const point = fault.points[fault.number % Math.max(1, fault.points.length)]
    const at = point ? `, at the point "${point}"` : ''
    test(
      `fault ${fault.number}: ${fault.name}${at}; the catalog is no mix and heals by itself`,
      async ({ skip }) => {
        const lacks = fault.lacks?.(world)
        if (lacks) return skip(`not run: ${lacks}`)
        // What a fault broke is not what the next one begins with.
        onTestFailed(async () => {
          await world.close().catch(() => {})
          await start()
        }, START_MS)
        await runFault(world, fault, point ?? POINTS[0], seeded(fault.number).next)
      },
      FAULT_MS,
    )
  }
}
