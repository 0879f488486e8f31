import type { RegistryAdapter } from '../adapters/adapter'
import { openAdapter } from '../adapters/kinds'
import { env } from '../env'
import { createTurns, type Turns } from '../outbound/turns'
import { egressPolicy } from './check'
import { openRegistry } from './open'

let turns: Turns | undefined

/** Whose turn it is at each server, over all registries that this process reads. */
function allTurns(): Turns {
  const { PACKYARD_HOST_CONNECTIONS: atOnce, PACKYARD_HOST_REQUESTS_PER_SECOND: perSecond } = env()
  turns ??= createTurns({ atOnce, perSecond })
  return turns
}

/** The adapter of a stored registry, with its credentials. Close it after use. @throws AppError `not_found` */
export const adapterOf = async (tenantId: string, id: string): Promise<RegistryAdapter> =>
  openAdapter(await openRegistry(tenantId, id), egressPolicy(), {}, undefined, allTurns())
