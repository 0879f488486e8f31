import type { Held, Passing } from './proxy'
import type { World } from './world'

/** Where in a sync a fault strikes. */
export const POINTS = ['connect', 'headers', 'body', 'write', 'commit'] as const
export type Point = (typeof POINTS)[number]

/** Bytes of answers after which a run is in the midst of one. */
const BODY_BYTES = 2_000

const MATCH: Record<Point, (passing: Passing) => boolean> = {
  // Its first bytes: the connection stands, and nothing was asked.
  connect: ({ direction, connection }) => direction === 'up' && connection.up === 0,
  headers: ({ direction, connection }) => direction === 'down' && connection.down === 0,
  body: ({ direction, chunk, connection }) =>
    direction === 'down' && connection.down + chunk.length > BODY_BYTES,
  write: ({ direction, chunk }) => direction === 'up' && chunk.includes('INSERT INTO pack_version'),
  commit({ direction, chunk, connection: { memory } }) {
    if (direction !== 'up') return false
    if (chunk.includes('INSERT INTO pack_version')) memory.add('wrote')
    return memory.has('wrote') && chunk.includes('COMMIT')
  },
}

/** Makes the registry due, and stops its sync at a point. */
export async function reach(world: World, point: Point): Promise<Held> {
  const proxy = point === 'write' || point === 'commit' ? world.databaseProxy : world.registryProxy
  // Connections of the last run have a past.
  world.registryProxy.reset()
  const held = proxy.catch(MATCH[point])
  // Not waited for: a run that is stopped at once may hold the very row.
  world.due(world.hit, world.calm).catch(() => {})
  let timer: NodeJS.Timeout | undefined
  const never = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`No sync came to the point "${point}" in 30 s`)), 30_000)
  })
  return Promise.race([held, never]).finally(() => clearTimeout(timer))
}
