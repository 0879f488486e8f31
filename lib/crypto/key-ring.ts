const KEY_BYTES = 32
const KEY = /^([a-z0-9-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/
export const KEY_ID = /^[a-z0-9-]{1,32}$/

/** The keys that seal secrets: the first seals, every one opens, so that a key can be replaced while all runs. */
export interface KeyRing {
  current: { id: string; key: Buffer }
  keys: ReadonlyMap<string, Buffer>
}

/**
 * Reads `id:base64[,id:base64…]`, each key 32 random bytes; a file has one a line. There is no default key.
 *
 * @param where the text stands, for messages
 * @throws Error that says what is wrong, without a key in it
 */
export function readKeyRing(text: string, where = 'PACKYARD_SECRET_KEYS'): KeyRing {
  const keys = new Map<string, Buffer>()
  for (const [index, entry] of entriesOf(text).entries()) {
    const [, id, encoded] = KEY.exec(entry) ?? []
    if (!id || !encoded) throw new Error(`${where}: entry ${index + 1} is not "id:" and 32 bytes in base64.`)
    const key = Buffer.from(encoded, 'base64')
    if (key.length !== KEY_BYTES) throw new Error(`${where}: key "${id}" is not 32 bytes long.`)
    if (isGuessable(key))
      throw new Error(`${where}: key "${id}" is not random. Make one with: openssl rand -base64 32`)
    if (keys.has(id)) throw new Error(`${where}: key "${id}" is there twice.`)
    for (const [other, held] of keys)
      if (held.equals(key)) throw new Error(`${where}: "${other}" and "${id}" are the same key.`)
    keys.set(id, key)
  }
  const [first] = keys
  if (!first) throw new Error(`${where} holds no key.`)
  return { current: { id: first[0], key: first[1] }, keys }
}

/** Entries stand between commas or line ends; a line may be a comment. */
const entriesOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(','))
    .map((entry) => entry.trim())
    .filter(Boolean)

/** The same keys as text, one a line. */
export const writeKeyRing = (keys: Iterable<readonly [string, Buffer]>): string =>
  [...keys].map(([id, key]) => `${id}:${key.toString('base64')}\n`).join('')

const MIN_DIFFERENT_BYTES = 16

/**
 * What 32 random bytes never are (once in 10^12 at most), and what people write instead: one letter many times, a
 * passphrase, a count, one half twice.
 */
function isGuessable(key: Buffer): boolean {
  const half = KEY_BYTES / 2
  const isText = key.every((byte) => byte >= 0x20 && byte < 0x7f)
  const steps = new Set([...key.subarray(1)].map((byte, at) => byte - (key[at] ?? 0)))
  return (
    new Set(key).size < MIN_DIFFERENT_BYTES ||
    isText ||
    steps.size === 1 ||
    key.subarray(0, half).equals(key.subarray(half))
  )
}
