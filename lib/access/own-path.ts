/**
 * A path of this console, made plain: anything else would let a link lead people away from here after they signed in.
 *
 * Browsers drop tabs and line ends from an address and take `\` for `/`, so what counts is what an address becomes and
 * not how it is written. @see https://url.spec.whatwg.org/#url-parsing
 *
 * @returns `/` for everything that is no such path
 */
export function ownPath(text: unknown): string {
  const here = 'http://console.invalid'
  if (typeof text !== 'string' || !text.startsWith('/') || !URL.canParse(text, here)) return '/'
  const { origin, pathname, search, hash } = new URL(text, here)
  return origin === here && !pathname.startsWith('//') ? pathname + search + hash : '/'
}
