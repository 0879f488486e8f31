const KEY_BYTES = 32
const KEY = /^([a-z0-9-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/

/** The keys that seal secrets: the first seals, every one opens, so that a key can be replaced while all runs. */
export interface KeyRing {
  current: { id: string; key: Buffer }
  keys: ReadonlyMap<string, Buffer>
}

/**
 * Reads `id:base64[,id:base64…]`, each key 32 random bytes. There is no default key.
 *
 * @throws Error that says what is wrong, without a key in it
 */
export function readKeyRing(text: string): KeyRing {
  const keys = new Map<string, Buffer>()
  for (const [index, entry] of text.split(',').entries()) {
    const [, id, encoded] = KEY.exec(entry.trim()) ?? []
    if (!id || !encoded)
      throw new Error(`PACKYARD_SECRET_KEYS: entry ${index + 1} is not "id:" and 32 bytes in base64.`)
    const key = Buffer.from(encoded, 'base64')
    if (key.length !== KEY_BYTES) throw new Error(`PACKYARD_SECRET_KEYS: key "${id}" is not 32 bytes long.`)
    if (new Set(key).size < 8) throw new Error(`PACKYARD_SECRET_KEYS: key "${id}" is not random.`)
    if (keys.has(id)) throw new Error(`PACKYARD_SECRET_KEYS: key "${id}" is there twice.`)
    keys.set(id, key)
  }
  const [first] = keys
  if (!first) throw new Error('PACKYARD_SECRET_KEYS holds no key.')
  return { current: { id: first[0], key: first[1] }, keys }
}
