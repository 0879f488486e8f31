const MAX_LENGTH = 1024

/** Where a link of a README leads: to the web, to a place in itself, or to a file of the pack. */
export type ReadmeLink =
  | { to: 'web'; href: string }
  | { to: 'place'; id: string }
  | { to: 'file'; path: string }

/**
 * Reads a link as the file stands in the pack: `docs/a.md`, `./b.yaml#x`, `../c` from a folder.
 *
 * @param from the file that holds the link
 * @returns null for what leads nowhere that we follow: another scheme, out of the pack, or no address at all
 */
export function readLink(href: string, from = 'README.md'): ReadmeLink | null {
  if (href === '' || href.length > MAX_LENGTH) return null
  if (/^https?:\/\//i.test(href)) return URL.canParse(href) ? { to: 'web', href } : null
  if (href.startsWith('#')) return { to: 'place', id: placeOf(decode(href.slice(1)) ?? '') }
  // A scheme, an address without one, or a drive.
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(href)) return null
  const written = decode(href.replace(/[?#].*$/s, ''))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (!written || /[\\\u0000-\u001f]/.test(written)) return null
  const parts = written.startsWith('/') ? [] : from.split('/').slice(0, -1)
  for (const part of written.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.length > 0 ? { to: 'file', path: parts.join('/') } : null
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** The id of a heading, as links within READMEs name it; with a word before, so that it is nobody else's. */
export const placeOf = (heading: string): string =>
  `readme-${heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
    .slice(0, 100)}`
