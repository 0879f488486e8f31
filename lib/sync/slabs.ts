/** A slab that was filled. */
export interface Filled {
  /** Lets it be filled again: nobody may read from it any more. */
  free(): void
}

/**
 * Keeps bytes together in few large pieces of memory that are used again and again. Kept each by itself, bytes that
 * wait outlive two collections of young garbage and lie about until a full one, which counts them late.
 *
 * @param size of a slab. What does not fit any more is kept by itself
 */
export function slabs(size: number) {
  const free: Uint8Array[] = []
  let slab: Uint8Array = Buffer.allocUnsafeSlow(size)
  let filled = 0
  return {
    isFull: () => filled >= size,
    /** @returns the same bytes, where they stay until their slab is freed */
    keep(bytes: Uint8Array): Uint8Array {
      const start = filled
      filled += bytes.length
      if (filled > size) return bytes
      slab.set(bytes, start)
      return slab.subarray(start, filled)
    },
    /** Goes on with another slab. @returns the one before */
    next(): Filled {
      const full = slab
      slab = free.pop() ?? Buffer.allocUnsafeSlow(size)
      filled = 0
      return { free: () => void free.push(full) }
    },
  }
}
