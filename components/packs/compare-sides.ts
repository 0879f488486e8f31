import type { PackVersions } from './queries'

/** One side of a comparison as the address has it. */
export interface SideChoice {
  registryUid: string
  /** A version or any tag of it; empty: nobody chose. */
  tag: string
}

export interface Side {
  registryUid: string
  version: string
  packUid: string
}

/** The versions of a pack in one registry, newest first, without other tags. */
export const versionsIn = ({ tags }: PackVersions) => tags.filter((one) => one.tag === one.version)

/**
 * The version that a tag stands for. Without one: the newest, and for the side that an upgrade comes from the one
 * before that of the other side.
 *
 * @param newer the other side, where this is the one that an upgrade comes from
 * @returns null where there is none
 */
export function sideOf(
  { registryUid, tag }: SideChoice,
  versions: PackVersions,
  newer?: Side | null,
): Side | null {
  const all = versionsIn(versions)
  const found = tag
    ? versions.tags.find((one) => one.tag === tag)
    : newer
      ? newer.registryUid === registryUid
        ? all[all.findIndex((one) => one.packUid === newer.packUid) + 1]
        : (all.find((one) => one.version === newer.version) ?? all[0])
      : all[0]
  return found ? { registryUid, version: found.version, packUid: found.packUid } : null
}

interface Place {
  name: string
  from: { version: string; registryUid: string }
  to: { version: string; registryUid: string }
}

/** The address of a comparison. */
export const compareHref = ({ name, from, to }: Place): string =>
  `/packs/${encodeURIComponent(name)}/compare?${new URLSearchParams({
    from: from.version,
    to: to.version,
    fromRegistry: from.registryUid,
    toRegistry: to.registryUid,
  })}`
