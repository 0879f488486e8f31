import { env } from '../env'
import { readKeyFile } from './key-file'
import { type KeyRing, readKeyRing } from './key-ring'

let given: KeyRing | undefined

/** The operator's keys, as they are now: of PACKYARD_SECRET_KEYS_FILE, read again when it changes, or of the setting. */
export function keyRing(): KeyRing {
  const { PACKYARD_SECRET_KEYS_FILE: file, PACKYARD_SECRET_KEYS: text } = env()
  if (file) return readKeyFile(file)
  given ??= readKeyRing(text)
  return given
}
