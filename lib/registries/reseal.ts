import type { KeyRing } from '../crypto/key-ring'
import { keyRing } from '../crypto/operator-keys'
import { SealError, seal, sealPrefix } from '../crypto/seal'
import {
  hookOwner,
  keyOwner,
  openClientKey,
  openHookSecret,
  openSecret,
  openWebhookSecret,
  secretOwner,
  webhookOwner,
} from './secret'
import {
  countSealed,
  findSealedOtherwise,
  replaceSealed,
  SEALED_COLUMNS,
  type SealedColumn,
  type SealedRow,
} from './store'

const BATCH = 100
/** A row that a person is saving just then is met again in the next round. */
const ROUNDS = 5

export interface Resealed {
  /** Secrets that are sealed with the present key now and were not before. */
  done: number
  /** Registries and webhooks with a secret that does not open, and why. A person has to enter it, or make it, again. */
  lost: { id: string; what: 'credentials' | 'notifications' | 'webhook'; reason: string }[]
}

/**
 * Seals every secret of every tenant anew with the key that seals now. For the operator's command: nobody's rights are
 * asked. Everything else may run meanwhile: a row that somebody changes in between is left alone and looked at again,
 * and what an interrupted run left is done by the next.
 *
 * @param say is told after each batch how many are done
 */
export async function resealSecrets(say: (done: number) => void = () => {}): Promise<Resealed> {
  const all: Resealed = { done: 0, lost: [] }
  for (const column of SEALED_COLUMNS) {
    for (let round = 0; round < ROUNDS; round++) {
      const lost: Resealed['lost'] = []
      const missed = await resealColumn(column, lost, (more) => {
        all.done += more
        say(all.done)
      })
      if (missed > 0 && round < ROUNDS - 1) continue
      all.lost.push(...lost)
      break
    }
  }
  return all
}

/** @returns how many were changed by somebody else in between */
async function resealColumn(
  column: SealedColumn,
  lost: Resealed['lost'],
  count: (more: number) => void,
): Promise<number> {
  let missed = 0
  for (let after = ''; ; ) {
    const ring = keyRing()
    const rows = await findSealedOtherwise(column, sealPrefix(ring), after, BATCH)
    if (rows.length === 0) return missed
    after = rows.at(-1)?.id ?? ''
    const changes = rows.flatMap((row) => {
      try {
        return [{ id: row.id, from: row.sealed, to: sealedAnew[column](row, ring) }]
      } catch (error) {
        if (!(error instanceof SealError)) throw error
        lost.push({ id: row.id, what: WHAT[column], reason: error.message })
        return []
      }
    })
    const replaced = await replaceSealed(column, changes)
    missed += changes.length - replaced
    count(replaced)
  }
}

const WHAT = {
  sealed_secret: 'credentials',
  sealed_key: 'credentials',
  sealed_hook: 'notifications',
  sealed_webhook: 'webhook',
} as const

const sealedAnew: Record<SealedColumn, (row: SealedRow, ring: KeyRing) => string> = {
  sealed_secret({ id, sealed, kind, endpoint, ca, insecureSkipVerify, tokenServer, authType }, ring) {
    const tls = { ca, insecureSkipVerify }
    const owner = { endpoint, tls, auth: { type: authType }, ...(kind === 'oci' && { oci: { tokenServer } }) }
    return seal(openSecret(sealed, id, owner), secretOwner(id, owner), ring)
  },
  sealed_key({ id, sealed, endpoint, ca, insecureSkipVerify, clientCertificate }, ring) {
    const owner = {
      endpoint,
      tls: { ca, insecureSkipVerify, client: { certificate: clientCertificate, key: '' } },
    }
    return seal(openClientKey(sealed, id, owner), keyOwner(id, owner), ring)
  },
  sealed_hook: ({ id, sealed }, ring) => seal(openHookSecret(sealed, id), hookOwner(id), ring),
  sealed_webhook: ({ id, sealed }, ring) => seal(openWebhookSecret(sealed, id), webhookOwner(id), ring),
}

export interface KeyUse {
  id: string
  /** Whether it seals what is saved now; every key of the ring opens. */
  seals: boolean
  /** False: secrets were sealed with it, and it is not in the ring. */
  isInRing: boolean
  secrets: number
}

/** The keys of the ring in their order, and those that are missing from it, each with how many secrets it seals. */
export async function listKeys(): Promise<KeyUse[]> {
  const { current, keys } = keyRing()
  const counts = await countSealed()
  const use = (id: string): KeyUse => ({
    id,
    seals: id === current.id,
    isInRing: keys.has(id),
    secrets: counts.get(id) ?? 0,
  })
  return [...keys.keys(), ...[...counts.keys()].filter((id) => !keys.has(id)).sort()].map(use)
}
