import { POINTS, type Point, reach } from './points'
import type { Held } from './proxy'
import type { World } from './world'

/** One way in which things go wrong. When `strike` returns, its cause is over; nothing was mended by hand. */
export interface Fault {
  number: number
  name: string
  /** Where in a sync it strikes. Empty: it has a moment of its own. */
  points: readonly Point[]
  /** Why this machine cannot do it; null where it can. */
  lacks?: (world: World) => string | null
  /** It needs rights or tools that not every machine has, or too much time: left out of the suite. */
  isForChaosOnly?: boolean
  /** The calm registry shares the database: it may fail with it. */
  isOfDatabase?: boolean
  /** The registry's catalog is several in turn while it goes on: that each is whole is not looked at. */
  hasSeveralStates?: boolean
  strike(world: World, point: Point, random: () => number): Promise<void>
}

export const EVERYWHERE = POINTS

/** Stops a sync at a point, does something, and breaks the stopped connection off. */
export async function at(world: World, point: Point, act: (held: Held) => Promise<void>): Promise<void> {
  const held = await reach(world, point)
  await act(held)
  held.cut()
  world.databaseProxy.reset()
  world.registryProxy.reset()
}

/** The one worker that there is; a new one where there is none. */
export async function oneWorker(world: World) {
  const [first] = world.workers
  return first ?? world.startWorker()
}
