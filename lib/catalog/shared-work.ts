const running = new Map<string, Promise<unknown>>()

/** Who asks for what is being found out just now waits for the same answer. */
export function shareWork<T>(key: string, work: () => Promise<T>): Promise<T> {
  const found = running.get(key)
  if (found) return found as Promise<T>
  const begun = work().finally(() => running.delete(key))
  running.set(key, begun)
  return begun
}
