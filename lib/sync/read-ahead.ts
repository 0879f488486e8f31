/**
 * Lets items be worked on ahead, and settles them one after the other in the order in which they came.
 *
 * @param most items that are not settled, and bytes that they hold: one item alone may hold more
 */
export function readAhead(most: { items: number; bytes: number }) {
  const ahead: { bytes: number; settled: Promise<void> }[] = []
  let size = 0
  let last = Promise.resolve()
  return {
    /** Resolves when there is room for another one. @param settle must not fail */
    async add(bytes: number, settle: () => Promise<void>): Promise<void> {
      last = last.then(settle)
      ahead.push({ bytes, settled: last })
      size += bytes
      while (ahead.length >= most.items || size > most.bytes) {
        const oldest = ahead.shift()
        if (!oldest) break
        await oldest.settled
        size -= oldest.bytes
      }
    },
    /** Resolves when all that came is settled. */
    end: (): Promise<void> => last,
  }
}
