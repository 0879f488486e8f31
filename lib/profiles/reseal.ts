import { keyRing } from '../crypto/operator-keys'
import { SealError, sealPrefix } from '../crypto/seal'
import { sealMaskedAnew } from './masked'
import { countSealed, findSealedOtherwise, replaceSealed } from './store'

const BATCH = 100
/** A row that a person is saving just then is met again in the next round. */
const ROUNDS = 5

/**
 * Seals the masked defaults of every profile anew with the key that seals now, as lib/registries/reseal.ts does with
 * what registries have. For the operator's command: nobody's rights are asked.
 */
export async function resealVariables(): Promise<{ done: number; lost: { id: string; reason: string }[] }> {
  let done = 0
  let lost: { id: string; reason: string }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    let missed = 0
    lost = []
    for (let after = ''; ; ) {
      const rows = await findSealedOtherwise(sealPrefix(keyRing()), after, BATCH)
      if (rows.length === 0) break
      after = rows.at(-1)?.id ?? ''
      for (const { id, sealed } of rows)
        try {
          if (await replaceSealed(id, sealed, sealMaskedAnew(id, sealed))) done++
          else missed++
        } catch (error) {
          if (!(error instanceof SealError)) throw error
          lost.push({ id, reason: error.message })
        }
    }
    if (missed === 0) break
  }
  return { done, lost }
}

/** How many profiles have masked defaults sealed with each key, by the key's id. */
export const countSealedVariables = (): Promise<Map<string, number>> => countSealed()
