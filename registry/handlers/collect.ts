import type { Handler } from '../call'
import { readDuration } from '../config/duration'
import { RegistryError } from '../errors'

/**
 * Gives the space of what nothing needs back now, and answers what that was.
 *
 * `keep`: for how long nothing must have needed it, such as `24h`; without, as the configuration says.
 */
export const postCollect: Handler<'collect'> = async ({ query, storage, config }) => {
  if (!config.storage.delete.enabled)
    throw new RegistryError('UNSUPPORTED', 'Nothing is deleted here: storage.delete.enabled is false')
  const text = query.get('keep')
  const keep = text === null ? undefined : readDuration(text)
  if (keep === null)
    throw new RegistryError('UNSUPPORTED', 'keep must be a duration such as 24h or 30m', { status: 400 })
  return storage.collector.collect(keep)
}
