import { listedVersion, type Reader, type Sink, Unusual } from './listed-version'

const [QUOTE, BACKSLASH, COLON, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [
  0x22, 0x5c, 0x3a, 0x7b, 0x7d, 0x5b, 0x5d,
]
const ONE_LIMIT = 8 * 1024 * 1024
const KEY_LIMIT = 1024
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
  let word: number[] = []
  let root = ''
  let chart = ''
  let one: Buffer[] | null = null
  let oneBytes = 0
  let sawEntries = false
  let done = false

  const unusual = (): never => {
    throw new Unusual('its JSON')
  }

  function parseOne() {
    let data: unknown
    try {
      data = JSON.parse(Buffer.concat(one ?? []).toString('utf8'))
    } catch {
      unusual()
    }
    one = null
    const version = listedVersion(chart, data)
    if (version) sink.add(version)
  }

  function open(isMap: boolean) {
    depth++
    if (depth === 2 && root === 'entries') {
      if (!isMap || sawEntries) unusual()
      sawEntries = true
    }
  }

  return {
    feed(b) {
      let from = one ? 0 : -1
      for (let i = 0; i < b.length; i++) {
        const c = b[i] as number
        if (inString) {
          if (escaped) escaped = false
          else if (c === BACKSLASH) escaped = true
          else if (c === QUOTE) {
            inString = false
            continue
          }
          if (!one && depth <= 2 && word.length < KEY_LIMIT) word.push(c)
          continue
        }
        if (c === QUOTE) {
          inString = true
          word = []
        } else if (c === COLON && !one) {
          if (depth === 1) root = key(word)
          else if (depth === 2 && root === 'entries') chart = key(word)
        } else if (c === OPEN || c === OPEN_LIST) {
          if (done) unusual()
          open(c === OPEN)
          if (depth === VERSION_DEPTH && root === 'entries' && c === OPEN && !one) {
            one = []
            oneBytes = 0
            from = i
          }
        } else if (c === CLOSE || c === CLOSE_LIST) {
          depth--
          if (depth < 0) unusual()
          if (depth === 0) done = true
          if (one && depth === VERSION_DEPTH - 1) {
            one.push(b.subarray(from, i + 1))
            parseOne()
            from = -1
          }
        } else if (done && c > 0x20) unusual()
      }
      if (one && from >= 0) {
        oneBytes += b.length - from
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

function key(bytes: number[]): string {
  try {
    return JSON.parse(`"${Buffer.from(bytes).toString('utf8')}"`)
  } catch {
    return ''
  }
}
