import type { RegistryAdapter } from '../adapters/adapter'
import { openAdapter } from '../adapters/kinds'
import { egressPolicy } from './check'
import { openRegistry } from './open'

/** The adapter of a stored registry, with its credentials. Close it after use. @throws AppError `not_found` */
export const adapterOf = async (tenantId: string, id: string): Promise<RegistryAdapter> =>
  openAdapter(await openRegistry(tenantId, id), egressPolicy())
