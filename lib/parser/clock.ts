import type { Kind, Work } from './work'

/** Several pieces of work, done one after the other. */
export type Message = { [K in Kind]: { kind: K; input: Work[K]['input'] } }[Kind][]

export const newClock = () => new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT)

const IDLE = -1n

/**
 * Which piece of work a thread has begun, and when: memory that two threads share, so that it can be read while the
 * other one is busy for ever.
 */
export function clockOf(shared: SharedArrayBuffer) {
  const cells = new BigInt64Array(shared)
  const now = () => process.hrtime.bigint() / 1_000_000n
  return {
    begin(index: number): void {
      Atomics.store(cells, 1, now())
      Atomics.store(cells, 0, BigInt(index))
    },
    reset: (): void => void Atomics.store(cells, 0, IDLE),
    /** null where none is begun. */
    read(): { index: number; ms: number } | null {
      const index = Atomics.load(cells, 0)
      return index === IDLE ? null : { index: Number(index), ms: Number(now() - Atomics.load(cells, 1)) }
    },
  }
}
