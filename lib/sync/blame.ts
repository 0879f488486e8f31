import { RemoteError } from '../adapters/adapter'
import type { CheckStepName } from '../adapters/schema'
import { UnreadablePack } from '../pack-format/pack-facts'

/** So many items may fail in a row, by the way there alone, before it is the registry that fails. */
const IN_A_ROW = 3
/** Also a name and a certificate: a redirect leads to other servers. */
const OF_THE_LINE: readonly CheckStepName[] = ['name', 'connection', 'tls', 'http']

/**
 * Whose fault it is that an item could not be read. One that hangs, breaks off or answers nonsense fails alone, or a
 * registry with one such item would never be read to its end; but where nothing comes any more, the registry itself is
 * down, and is not asked for the others.
 */
export function startBlame() {
  let inARow = 0
  return {
    itemCame(): void {
      inARow = 0
    },
    /** Whether one item is at fault, and neither the registry nor we ourselves. */
    isOfItem(error: unknown): boolean {
      if (error instanceof UnreadablePack) return true
      if (!(error instanceof RemoteError) || error.next === 'waiting') return false
      if (error.step === 'pack' || error.details.isOfOneAnswer) return true
      return OF_THE_LINE.includes(error.step) && ++inARow <= IN_A_ROW
    },
  }
}
