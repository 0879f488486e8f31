import { AppError } from '../errors'
import { log } from '../log'
import { isSigned, Notification } from '../pack-format/notification'
import { openHook } from '../registries/open'
import { requestAsTold } from '../sync/request'
import { bucketOf } from './bucket'
import { makeHookSecret } from './change'
import { decoy } from './decoy'
import { findSealedHook } from './store'

/** Wrong signatures that one address may send for one registry. */
const wrong = bucketOf({ burst: 30, everyMs: 2_000 })

/**
 * Takes a registry's word that packs have changed, and asks for a sync. The signature is checked over the bytes as they
 * came, before anything is read of them; a registry that is not there, or may not notify us, is answered as a wrong
 * signature is, after the same work.
 *
 * @param body as it came, bounded by whoever calls
 * @param address where it came from, or empty
 * @throws AppError `unauthenticated`; `too_many` after many wrong ones; `invalid` for a signed body of another form
 */
export async function receiveHook(
  id: string,
  { signature, body, address }: { signature: string; body: Uint8Array; address: string },
  now = new Date(),
): Promise<void> {
  const source = `${address} ${id}`
  // Where all come from one unknown address, the wrong ones of others would shut the registry out.
  const retryAfterSeconds = address ? wrong.secondsToWait(source, now.getTime()) : 0
  if (retryAfterSeconds > 0)
    throw new AppError('too_many', 'Too many notifications with a wrong signature.', { retryAfterSeconds })
  const found = await findSealedHook(id)
  const isRight = isSigned(secretOf(id, found?.sealed), signature, body, now)
  if (!found || !isRight) {
    wrong.add(source, now.getTime())
    throw new AppError(
      'unauthenticated',
      'The signature is not right: check the secret, the address and the clock of the registry.',
    )
  }
  if (!Notification.safeParse(readJson(body)).success)
    throw new AppError('invalid', 'The notification is signed, and its body is none that is known here.')
  await requestAsTold(found.tenantId, id)
}

/** The secret that the registry signs with; one that nobody knows where there is none. */
function secretOf(id: string, sealed: string | undefined): string {
  try {
    return sealed === undefined ? decoy() : openHook(id, sealed)
  } catch (err) {
    log.error({ err, registryId: id }, 'The secret of push notifications cannot be opened: make a new one')
    return makeHookSecret()
  }
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
