import { isListedOrTag, mustBeClean, mustHeal, mustNotNotice, mustTell, watch } from './check'
import { type Fault, oneWorker } from './fault'
import type { Point } from './points'
import type { World } from './world'

/**
 * Lets one fault happen, and checks what has to hold after each: the catalog was never a mix, heals by itself to what a
 * sync without faults makes of it, other registries did not notice, nothing leaked.
 *
 * @returns seconds from the end of the fault until all was well
 * @throws Broken
 */
export async function runFault(
  world: World,
  fault: Fault,
  point: Point,
  random: () => number,
): Promise<number> {
  await oneWorker(world)
  // From a state that is known: all that went before has healed.
  await world.due(world.hit, world.calm)
  const clean = (await world.cleanDump()).filter(isListedOrTag)
  await mustHeal(world, clean)
  const before = await world.dump(world.hit)
  const [{ now } = { now: new Date() }] = await world.sql<{ now: Date }>('SELECT clock_timestamp() AS now')
  await world.registries.hit.change()
  let after: string[] = []
  const watching = watch(world, before, () => after)
  let seconds: number
  try {
    await fault.strike(world, point, random)
    const over = Date.now()
    await oneWorker(world)
    after = (await world.cleanDump()).filter(isListedOrTag)
    await mustHeal(world, after)
    seconds = (Date.now() - over) / 1000
  } finally {
    world.registryProxy.reset()
    world.databaseProxy.reset()
    if (after.length === 0) after = await world.cleanDump().catch(() => [])
    await watching.end(fault.hasSeveralStates === true)
  }
  await mustNotNotice(world, now, fault.isOfDatabase === true)
  await mustTell(world, now)
  await mustBeClean(world)
  return seconds
}
