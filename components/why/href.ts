import { PACK_NAME } from '@/lib/pack-format/pack-name'

/** Where one asks why a pack, or one version of it, is not in the catalog. */
export function notHereHref(name: string, version = ''): string {
  const query = new URLSearchParams({ ...(name && { name }), ...(version && { version }) })
  return query.size > 0 ? `/not-here?${query}` : '/not-here'
}

/** What was searched for, where it can be the name of a pack; else empty. */
export function asName(text: string): string {
  const name = text.trim().toLowerCase()
  return PACK_NAME.test(name) ? name : ''
}
