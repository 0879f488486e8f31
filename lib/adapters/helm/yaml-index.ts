import { type Reader, type Sink, Unusual } from './listed-version'

const [LF, CR, SPACE, HASH, DASH, COLON] = [0x0a, 0x0d, 0x20, 0x23, 0x2d, 0x3a]
const [QUOTE, APOSTROPHE, BACKSLASH] = [0x22, 0x27, 0x5c]
const LINE_LIMIT = 8 * 1024 * 1024
const URLS_KEPT = 8

/** The keys of a chart version that we need. All others are passed over by their indentation, never parsed. */
const FIELDS = ['version', 'digest', 'urls', 'created'] as const
type Field = (typeof FIELDS)[number]
const WORDS = FIELDS.map((field) => [field, Buffer.from(field)] as const)
/** With these a line at the keys' indentation may begin without being one of ours or in need of a closer look. */
const PASSED_OVER = new Uint8Array(256)
for (const c of Buffer.from('abefghijklmnopqrstwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789')) PASSED_OVER[c] = 1

interface Item {
  /** -1 until its first key is seen. */
  indent: number
  version: string | null
  digest: string | null
  created: string | null
  urls: string[]
  seen: Set<Field>
}

/**
 * Reads the block style in which `helm repo index` and its kin write their indexes, line by line, with memory for one
 * line and one chart version: no tree is made, and what is not needed is skipped by its indentation.
 *
 * @throws Unusual (from `feed` and `end`) for anything else that YAML can be
 */
export function yamlIndexReader(sink: Sink): Reader {
  /** A line whose end has not come, in the pieces in which it came. */
  let rest: Buffer[] = []
  let restBytes = 0
  let line = 0
  /** The key at the root whose value we are in; null before the first. */
  let root: string | null = null
  let sawEntries = false
  let closed = false
  let documentEnded = false
  /** Indentation of the charts' names, and of the dashes of their versions; -1 until seen. */
  let nameIndent = -1
  let dashIndent = -1
  let chart: string | null = null
  let item: Item | null = null
  /** What the last key of the item was, since the lines after it may belong to it. */
  let field: Field | 'other' = 'other'
  /** Indentation of the dashes of its addresses; -1 until seen. */
  let urlIndent = -1
  let isLastWhole = true

  const unusual = (): never => {
    throw new Unusual(`line ${line}`)
  }
  const isDash = (b: Buffer, i: number, e: number) => b[i] === DASH && (i + 1 === e || b[i + 1] === SPACE)

  function takeLine(b: Buffer, start: number, stop: number) {
    line++
    const e = stop > start && b[stop - 1] === CR ? stop - 1 : stop
    let i = start
    while (i < e && b[i] === SPACE) i++
    if (i === e || b[i] === HASH) return
    if (documentEnded) unusual()
    const indent = i - start
    if (item) {
      if (item.indent < 0 && indent > dashIndent) item.indent = indent
      if (item.indent >= 0 && indent > item.indent) return inField(b, i, e, indent)
      if (indent === item.indent) return isDash(b, i, e) ? inField(b, i, e, indent) : takeKey(item, b, i, e)
      endItem()
    }
    if (root === 'entries' && indent > 0) return inEntries(b, i, e, indent)
    if (indent > 0) {
      if (root === null) unusual()
      return
    }
    atRoot(b, i, e)
  }

  /** A line that belongs to the value of the item's last key. */
  function inField(b: Buffer, i: number, e: number, indent: number) {
    if (field === 'other') return
    if (urlIndent < 0) urlIndent = indent
    if (field !== 'urls' || indent !== urlIndent || !isDash(b, i, e)) unusual()
    const url = scalar(b, i + 1, e)
    if (url !== null && item && item.urls.length < URLS_KEPT) item.urls.push(url)
  }

  function takeKey(item: Item, b: Buffer, i: number, e: number) {
    field = 'other'
    if (PASSED_OVER[b[i] as number]) return
    let after = -1
    let key: Field | undefined
    if (b[i] === QUOTE || b[i] === APOSTROPHE) {
      const end = endOfQuoted(b, i, e)
      const name = unquote(b, i, end)
      after = afterColon(b, end, e)
      if (after < 0) unusual()
      key = FIELDS.find((one) => one === name)
    } else {
      for (const [name, word] of WORDS)
        if (isAt(b, i, e, word)) {
          after = afterColon(b, i + word.length, e)
          if (after >= 0) key = name
          else if (!isWordPart(b[i + word.length])) unusual()
          break
        }
      // Begins like one of our keys, or in a way that is no word's.
      if (!key && !isLetter(b[i] as number)) unusual()
    }
    if (!key) return
    if (item.seen.has(key)) unusual()
    item.seen.add(key)
    urlIndent = -1
    field = key
    if (key !== 'urls') item[key] = scalar(b, after, e)
    else item.urls.push(...inlineUrls(b, after, e))
  }

  function inlineUrls(b: Buffer, i: number, e: number): string[] {
    const text = b.toString('utf8', i, e).trim()
    if (text === '' || text.startsWith('#') || NULLS.has(text)) return []
    try {
      const list: unknown = JSON.parse(text)
      if (Array.isArray(list) && list.every((one) => typeof one === 'string')) return list.slice(0, URLS_KEPT)
    } catch {
      // As follows.
    }
    return unusual()
  }

  function inEntries(b: Buffer, i: number, e: number, indent: number) {
    if (nameIndent < 0) nameIndent = indent
    if (isDash(b, i, e)) {
      if (chart === null || indent < nameIndent || (dashIndent >= 0 && indent !== dashIndent)) unusual()
      dashIndent = indent
      item = { indent: -1, version: null, digest: null, created: null, urls: [], seen: new Set() }
      field = 'other'
      let at = i + 1
      while (at < e && b[at] === SPACE) at++
      if (at === e || b[at] === HASH) return
      item.indent = indent + (at - i)
      if (isDash(b, at, e)) unusual()
      return takeKey(item, b, at, e)
    }
    if (indent !== nameIndent) unusual()
    const [name, after] = anyKey(b, i, e)
    const value = b.toString('utf8', after, e).trim()
    if (value !== '' && !value.startsWith('#') && value !== '[]' && !NULLS.has(value)) unusual()
    chart = value === '' || value.startsWith('#') ? name : null
    dashIndent = -1
  }

  function atRoot(b: Buffer, i: number, e: number) {
    const isMark = (mark: string) =>
      b.toString('latin1', i, i + 3) === mark && (i + 3 === e || b[i + 3] === SPACE)
    if (isMark('...') && root !== null) {
      documentEnded = true
      return
    }
    if (isMark('---')) {
      const after = b.toString('latin1', i + 3, e).trim()
      if (root !== null || (after !== '' && !after.startsWith('#'))) unusual()
      return
    }
    if (isDash(b, i, e)) {
      if (root === null || root === 'entries') unusual()
      return
    }
    const [key, after] = anyKey(b, i, e)
    if (sawEntries) closed = true
    root = key
    if (key !== 'entries') return
    if (sawEntries) unusual()
    sawEntries = true
    const value = b.toString('utf8', after, e).trim()
    if (value === '' || value.startsWith('#')) return
    if (value !== '{}' && !NULLS.has(value)) unusual()
    closed = true
    root = ''
  }

  /** @returns the key, and where its value begins */
  function anyKey(b: Buffer, i: number, e: number): [string, number] {
    const c = b[i] as number
    if (c === QUOTE || c === APOSTROPHE) {
      const end = endOfQuoted(b, i, e)
      const after = afterColon(b, end, e)
      return after < 0 ? unusual() : [unquote(b, i, end), after]
    }
    if (!isLetter(c) && !(c >= 0x30 && c <= 0x39)) unusual()
    for (let at = b.indexOf(COLON, i); at >= 0 && at < e; at = b.indexOf(COLON, at + 1))
      if (at + 1 === e || b[at + 1] === SPACE) {
        const key = b.toString('utf8', i, at).trimEnd()
        return key.includes(' #') || key.includes('\t') || NULLS.has(key) ? unusual() : [key, at + 1]
      }
    return unusual()
  }

  function endItem() {
    if (item && chart !== null) {
      isLastWhole = item.version !== null
      if (item.version !== null) {
        const { version, digest, created, urls } = item
        sink.add({ name: chart, version, digest, created: created ?? '', urls })
      }
    }
    item = null
  }

  /** @returns where the value begins; -1 where no colon that ends a key follows */
  function afterColon(b: Buffer, from: number, e: number): number {
    let i = from
    while (i < e && b[i] === SPACE) i++
    return b[i] === COLON && i < e && (i + 1 === e || b[i + 1] === SPACE) ? i + 1 : -1
  }

  /** @returns the position after the closing mark, on this line */
  function endOfQuoted(b: Buffer, start: number, e: number): number {
    const mark = b[start]
    for (let i = start + 1; i < e; i++) {
      if (b[i] === BACKSLASH && mark === QUOTE) i++
      else if (b[i] === mark) {
        if (mark === QUOTE || b[i + 1] !== APOSTROPHE || i + 1 >= e) return i + 1
        i++
      }
    }
    return unusual()
  }

  function unquote(b: Buffer, start: number, end: number): string {
    const text = b.toString('utf8', start, end)
    if (b[start] === APOSTROPHE) return text.slice(1, -1).replaceAll("''", "'")
    try {
      return JSON.parse(text)
    } catch {
      return unusual()
    }
  }

  /** A value that stands on its line. Null for none, and for YAML's null. */
  function scalar(b: Buffer, from: number, e: number): string | null {
    let i = from
    while (i < e && b[i] === SPACE) i++
    if (i === e || (b[i] === HASH && b[i - 1] === SPACE)) return null
    if (b[i] === QUOTE || b[i] === APOSTROPHE) {
      const end = endOfQuoted(b, i, e)
      if (!/^(?:\s*| +#.*)$/.test(b.toString('latin1', end, e))) unusual()
      return unquote(b, i, end)
    }
    const text = b.toString('utf8', i, e)
    const at = text.indexOf(' #')
    const plain = (at < 0 ? text : text.slice(0, at)).trimEnd()
    if (NOT_PLAIN.test(plain)) unusual()
    return NULLS.has(plain) ? null : plain
  }

  return {
    feed(chunk) {
      let at = chunk.indexOf(LF)
      let from = 0
      if (at >= 0) {
        const b = rest.length > 0 ? Buffer.concat([...rest, chunk]) : chunk
        at += b.length - chunk.length
        rest = []
        restBytes = 0
        for (; at >= 0; at = b.indexOf(LF, from)) {
          takeLine(b, from, at)
          from = at + 1
        }
        if (from < b.length) rest.push(b.subarray(from))
        restBytes = b.length - from
      } else {
        // Put together once, when the end is there: a long line would be copied with each piece.
        rest.push(chunk)
        restBytes += chunk.length
      }
      if (restBytes > LINE_LIMIT) unusual()
    },
    end() {
      const endsWithLine = restBytes === 0
      if (restBytes > 0) takeLine(Buffer.concat(rest), 0, restBytes)
      endItem()
      if (!sawEntries) unusual()
      return { closed, endsWithLine, isLastWhole }
    },
  }
}

const NULLS = new Set(['~', 'null', 'Null', 'NULL', ''])
/** Marks of other kinds of values, and what ends a plain one. */
const NOT_PLAIN = /^[|>&*!{}[\],@`%]|^[-?:](?: |$)|: |:$|\t/

function isAt(b: Buffer, i: number, e: number, word: Buffer): boolean {
  if (i + word.length > e) return false
  for (let at = 0; at < word.length; at++) if (b[i + at] !== word[at]) return false
  return true
}
const isWordPart = (c = 0) => isLetter(c) || (c >= 0x30 && c <= 0x39) || c === DASH
const isLetter = (c: number) => (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || c === 0x5f
