import { isIpv6, isOfType, PATTERNS } from './formats'
import { capture, matches } from './regex'

type Part =
  | { text: string }
  | { type: string; options?: string[]; range?: [number, number]; pattern?: string }

const MAX_PARTS = 32
const CACHED = 500
const cache = new Map<string, Part[]>()

/**
 * The parts of a format as schema.yaml writes it: types, and the text between them.
 * `${ipv4}/${number:[8-26]}`, `${string:/^[a-z]+$/}`, `${list:[A,B]}`.
 */
function partsOf(format: string): Part[] {
  const held = cache.get(format)
  if (held) return held
  const parts: Part[] = []
  let at = 0
  while (at < format.length && parts.length < MAX_PARTS) {
    const opening = format.indexOf('${', at)
    if (opening < 0) break
    if (opening > at) parts.push({ text: format.slice(at, opening) })
    const end = endOf(format, opening + 2)
    if (end < 0) {
      at = opening
      break
    }
    parts.push(toPart(format.slice(opening + 2, end)))
    at = end + 1
  }
  if (at < format.length) parts.push({ text: format.slice(at) })
  if (cache.size >= CACHED) cache.clear()
  cache.set(format, parts)
  return parts
}

/** A regular expression ends with its slash: it may hold braces of its own. */
function endOf(format: string, from: number): number {
  const expression = /^\s*[a-z0-9]+\s*:\s*\//i.exec(format.slice(from))
  if (!expression) return format.indexOf('}', from)
  const rest = format.slice(from + expression[0].length)
  const slash = rest.search(/\/\s*\}/)
  return slash < 0 ? -1 : format.indexOf('}', from + expression[0].length + slash)
}

function toPart(inner: string): Part {
  const [, type = '', argument = ''] = /^\s*([a-z0-9]+)\s*(?::\s*([\s\S]*?))?\s*$/i.exec(inner) ?? []
  const list = /^\[([\s\S]*)\]$/.exec(argument)?.[1]
  const name = type.toLowerCase()
  if (name === 'list')
    return {
      type: name,
      options: (list ?? '')
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    }
  const bounds = /^\s*(-?[\d.]+)\s*-\s*(-?[\d.]+)\s*$/.exec(list ?? '')
  const pattern = /^\/([\s\S]*)\/$/.exec(argument)?.[1]
  return {
    type: name,
    ...(bounds && { range: [Number(bounds[1]), Number(bounds[2])] as [number, number] }),
    ...(pattern !== undefined && { pattern }),
  }
}

/** What a value has to be, in words, where it is not; null where it is, or where the type is none that is known. */
export function valueProblem(format: string, value: string): string | null {
  const parts = partsOf(format)
  const [first] = parts
  if (!first) return null
  if (parts.length === 1 && !('text' in first)) return partProblem(first, value)
  if (parts.every((one) => 'text' in one)) return null
  return matchesAll(parts, value) ? null : `of the form ${format}`
}

function partProblem(part: Exclude<Part, { text: string }>, value: string): string | null {
  const { type, options, range, pattern } = part
  if (options) return options.length === 0 || options.includes(value) ? null : `one of ${options.join(', ')}`
  if (type === 'ipv6') return isIpv6(value) ? null : 'an IPv6 address'
  if (isOfType(type, value) === false) return WORDS[type] ?? `a value of the type ${type}`
  if (range && !(Number(value) >= range[0] && Number(value) <= range[1]))
    return `a number from ${range[0]} to ${range[1]}`
  return pattern === undefined || matches(pattern, value) ? null : `matched by ${pattern}`
}

const WORDS: Record<string, string> = {
  number: 'a number',
  boolean: 'true or false',
  ipv4: 'an IPv4 address',
  ipv4cidr: 'an IPv4 network',
  version: 'a version, such as 1.2.3',
  base64: 'text in base64',
}

const escaped = (text: string) => text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&')

/** Several types with text between them: one expression, of which the numbers in a range are looked at again. */
function matchesAll(parts: readonly Part[], value: string): boolean {
  const pattern = parts
    .map((part, at) => {
      if ('text' in part) return escaped(part.text)
      if (part.pattern !== undefined) return `(?:${part.pattern.replace(/^\^/, '').replace(/\$$/, '')})`
      if (part.options) return `(?:${part.options.map(escaped).join('|')})`
      return `(?P<part${at}>${PATTERNS[part.type as keyof typeof PATTERNS] ?? '[\\s\\S]*'})`
    })
    .join('')
  const found = capture(`^${pattern}$`, value)
  return (
    found !== null &&
    parts.every((part, at) => {
      if ('text' in part || !part.range) return true
      const number = Number(found(`part${at}`))
      return number >= part.range[0] && number <= part.range[1]
    })
  )
}
