import { AppError } from '../errors'

/** So much is found out at the same time, or waits for it. */
const MOST = 100

const running = new Map<string, Promise<unknown>>()

/**
 * Who asks for what is being found out just now waits for the same answer.
 *
 * @throws AppError `too_many`
 */
export function shareWork<T>(key: string, work: () => Promise<T>): Promise<T> {
  const found = running.get(key)
  if (found) return found as Promise<T>
  if (running.size >= MOST)
    throw new AppError('too_many', 'Many versions are being compared just now. Try again in a moment.', {
      retryAfterSeconds: 5,
    })
  const begun = work().finally(() => running.delete(key))
  running.set(key, begun)
  return begun
}
