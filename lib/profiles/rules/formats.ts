import type { VariableFormat } from '../variable'

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`

/** What people call a format, and how a text of it looks. Written so that RE2 reads it too. */
export const PATTERNS = {
  number: '[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?',
  boolean: '(?:true|false)',
  ipv4: IPV4,
  ipv4cidr: `${IPV4}/(?:3[0-2]|[12]?[0-9])`,
  ipv6: '[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*',
  version: 'v?[0-9]+(?:\\.[0-9]+)*(?:[-+._][0-9A-Za-z.+_-]*)?',
  base64: '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?',
} as const

const whole = (pattern: string) => new RegExp(`^${pattern}$`)
const EXACT = Object.fromEntries(
  Object.entries(PATTERNS).map(([name, pattern]) => [name, whole(pattern)]),
) as Record<keyof typeof PATTERNS, RegExp>

/** Whether a text is of a type that is known; null where the type is not. These expressions are ours, and linear. */
export const isOfType = (type: string, text: string): boolean | null =>
  Object.hasOwn(EXACT, type) ? EXACT[type as keyof typeof PATTERNS].test(text) : null

/** A variable's version is three numbers. */
const THREE_NUMBERS = /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/
const TEXT_MAX = 65_536

/** @see https://www.rfc-editor.org/rfc/rfc4291#section-2.2 */
export function isIpv6(text: string): boolean {
  if (text.length > 45 || !EXACT.ipv6.test(text)) return false
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1) ?? ''
  const isMapped = last.includes('.')
  if (isMapped && !EXACT.ipv4.test(last)) return false
  const words = isMapped ? groups.slice(0, -1) : groups
  if (!words.every((word) => /^[0-9A-Fa-f]{1,4}$/.test(word))) return false
  const length = words.length + (isMapped ? 2 : 0)
  return halves.length === 2 ? length <= 7 : length === 8
}

const FORMAT_WORDS: Record<Exclude<VariableFormat, 'string'>, string> = {
  number: 'a number, such as 3 or 0.5',
  boolean: 'true or false',
  ipv4: 'an IPv4 address, such as 10.0.0.1',
  ipv4cidr: 'an IPv4 network, such as 10.0.0.0/16',
  ipv6: 'an IPv6 address, such as 2001:db8::1',
  version: 'a version of three numbers, such as 1.2.3',
  base64: 'text in base64',
}

/** What keeps a text from being of a format: what it has to be; null for nothing. */
export function formatProblem(format: VariableFormat, text: string): string | null {
  if (format === 'string' || text.length > TEXT_MAX) return null
  const fits =
    format === 'ipv6'
      ? isIpv6(text)
      : format === 'version'
        ? THREE_NUMBERS.test(text)
        : format === 'base64'
          ? text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
          : EXACT[format].test(text)
  return fits ? null : FORMAT_WORDS[format]
}
