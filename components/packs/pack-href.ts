/** The address of a pack's page, of one version in one registry where they are given. */
export function packHref(
  name: string,
  place: { version?: string; registryUid?: string; tab?: string; file?: string } = {},
): string {
  const query = new URLSearchParams(
    Object.entries({
      version: place.version,
      registry: place.registryUid,
      tab: place.tab,
      file: place.file,
    }).flatMap(([key, value]) => (value ? [[key, value]] : [])),
  ).toString()
  return `/packs/${encodeURIComponent(name)}${query ? `?${query}` : ''}`
}
