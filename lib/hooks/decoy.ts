import { keyRing } from '../crypto/operator-keys'
import { seal, sealPrefix } from '../crypto/seal'
import { openHook } from '../registries/open'
import { hookOwner } from '../registries/secret'
import { makeHookSecret } from './change'

const NOBODY = 'nobody'
let sealed: string | undefined

/** A secret that nobody knows, which takes as long to open as a registry's. */
export function decoy(): string {
  // The keys may have changed since.
  if (!sealed?.startsWith(sealPrefix(keyRing())))
    sealed = seal(makeHookSecret(), hookOwner(NOBODY), keyRing())
  return openHook(NOBODY, sealed)
}
