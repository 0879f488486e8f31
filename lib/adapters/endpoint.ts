import { AppError } from '../errors'
import type { RegistryKind } from './schema'

const MAX_LENGTH = 2048
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const UNFIT = /[\u0000-\u0020\u007f\\]/

/**
 * An endpoint in our one spelling: scheme, host, port if it is not the scheme's own, path without a trailing slash.
 * Accepts what people write: `host`, `host:port`, with a scheme, a trailing slash, a trailing `/v1/` or `/v2`.
 * Without a scheme it is https.
 *
 * @throws AppError `invalid` with a sentence for the field `endpoint`
 */
export function normaliseEndpoint(text: string, kind: RegistryKind = 'pack'): string {
  const refuse = (message: string): never => {
    throw new AppError('invalid', message, { fields: { endpoint: message } })
  }
  const typed = text.trim()
  if (typed === '') refuse('Enter the address of the registry.')
  if (typed.length > MAX_LENGTH) refuse('The address is too long.')
  if (UNFIT.test(typed)) refuse('An address holds no spaces, backslashes or control characters.')
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
    refuse(`An address begins with https:// or http://, not ${scheme}://.`)
  if (scheme === undefined && /^(?:javascript|data|file|mailto|vbscript|blob):/i.test(typed))
    refuse('An address begins with https:// or http://.')
  const full = scheme === undefined ? `https://${typed}` : typed
  if (!URL.canParse(full)) refuse('This is no address. Write it as host, host:port or https://host.')
  const url = new URL(full)
  if (url.username || url.password || /^[^/]*@/.test(full.slice(full.indexOf('//') + 2)))
    refuse('Leave user name and password out of the address. They have fields of their own.')
  if (url.search || url.hash || full.includes('?') || full.includes('#'))
    refuse('An address holds no "?" and no "#".')
  const whole = url.pathname.replace(/\/+$/, '')
  // A chart repository is a folder, and its folder may have such a name.
  const path = kind === 'helm' ? whole : whole.replace(/\/v[12]$/, '').replace(/\/+$/, '')
  return `${url.protocol}//${url.host.replace(/\.(?=:\d+$|$)/, '')}${path}`
}
