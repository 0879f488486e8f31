import { listedVersion, type Reader, type Sink, Unusual } from './listed-version'

const [QUOTE, BACKSLASH, COLON, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [
  0x22, 0x5c, 0x3a, 0x7b, 0x7d, 0x5b, 0x5d,
]
const ONE_LIMIT = 8 * 1024 * 1024
const KEY_LIMIT = 1024
/** Bytes that mean something where they are in no string. */
const MARKS = new Uint8Array(256)
for (const c of [QUOTE, COLON, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST]) MARKS[c] = 1
/** `{ entries: { name: [ {` */
const VERSION_DEPTH = 4

/**
 * Reads an index in JSON with memory for one chart version: each is cut out by its brackets and parsed by itself.
 *
 * @throws Unusual (from `feed` and `end`) for what looks like JSON and is not: YAML may be written so
 */
export function jsonIndexReader(sink: Sink): Reader {
  let depth = 0
  let inString = false
  let escaped = false
  /** The bytes of the string that was read last, where it can be a key. */
  const word: number[] = []
  let root = ''
  let chart = ''
  let one: Buffer[] | null = null
  let oneBytes = 0
  let sawEntries = false
  let done = false

  const unusual = (): never => {
    throw new Unusual('its JSON')
  }

  /** @returns whether it is JSON */
  function take(bytes: Buffer): boolean {
    let data: unknown
    try {
      data = JSON.parse(bytes.toString('utf8'))
    } catch {
      return false
    }
    const version = listedVersion(chart, data)
    if (version) sink.add(version)
    return true
  }

  function open(isMap: boolean) {
    depth++
    if (depth === 2 && root === 'entries') {
      if (!isMap || sawEntries) unusual()
      sawEntries = true
    }
  }

  /** @returns where it ends, after its mark, or the end of what came */
  function throughString(b: Buffer, start: number): number {
    const size = b.length
    let i = escaped ? start + 1 : start
    escaped = false
    while (i < size && b[i] !== QUOTE)
      if (b[i++] === BACKSLASH) {
        escaped = i === size
        i++
      }
    const end = Math.min(i, size)
    if (!one && depth <= 2)
      for (let at = start; at < end && word.length < KEY_LIMIT; at++) word.push(b[at] as number)
    inString = i >= size
    return end + 1
  }

  return {
    feed(b) {
      const size = b.length
      let from = one ? 0 : -1
      let i = 0
      while (i < size) {
        if (inString) {
          i = throughString(b, i)
          continue
        }
        const c = b[i] as number
        const at = i++
        // Spaces, commas, numbers, true and the like.
        if (!MARKS[c] && !done) continue
        if (c === QUOTE) {
          if (done) unusual()
          inString = true
          word.length = 0
        } else if (c === COLON && !one) {
          if (depth === 1) root = key(word)
          else if (depth === 2 && root === 'entries') chart = key(word)
        } else if (c === OPEN || c === OPEN_LIST) {
          if (done) unusual()
          open(c === OPEN)
          if (depth === VERSION_DEPTH && root === 'entries' && c === OPEN && !one) {
            const end = balanced(b, at)
            if (end > 0 && take(b.subarray(at, end))) {
              depth--
              i = end
              continue
            }
            one = []
            oneBytes = 0
            from = at
          }
        } else if (c === CLOSE || c === CLOSE_LIST) {
          depth--
          if (depth < 0) unusual()
          if (depth === 0) done = true
          if (one && depth === VERSION_DEPTH - 1) {
            one.push(b.subarray(from, i))
            if (!take(Buffer.concat(one))) unusual()
            one = null
            from = -1
          }
        } else if (done && c > 0x20) unusual()
      }
      if (one && from >= 0) {
        oneBytes += size - from
        if (oneBytes > ONE_LIMIT) unusual()
        one.push(b.subarray(from))
      }
    },
    end() {
      if (done && !sawEntries && root !== 'entries') unusual()
      return { closed: done, endsWithLine: false, isLastWhole: done }
    },
  }
}

/** So many brackets in brackets are looked at together. */
const MAX_CLOSED = 64

/**
 * Where a map ends whose bracket opens at `start`, were there no brackets in its texts; 0 where that is not to be seen.
 * If what lies between is JSON, it is the whole map. Found by searches, which is faster than looking at each byte.
 */
function balanced(b: Buffer, start: number): number {
  let opened = 0
  let open = start
  let end = start
  for (let closed = 1; closed <= MAX_CLOSED; closed++) {
    end = b.indexOf(CLOSE, end) + 1
    if (end === 0) return 0
    for (; open >= 0 && open < end; open = b.indexOf(OPEN, open + 1)) opened++
    if (opened === closed) return end
  }
  return 0
}

function key(bytes: number[]): string {
  try {
    return JSON.parse(`"${Buffer.from(bytes).toString('utf8')}"`)
  } catch {
    return ''
  }
}
