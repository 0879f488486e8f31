import { isTrack } from '@/lib/pack-format/tag'

import { RegistryError } from './errors'
import { isTagOf, type Repository } from './storage/repository'

/** The most tags of its own that one version of a pack may have. */
const MAX_TAGS = 100

interface Push {
  tag: string
  digest: string
  /** null where it is no pack. */
  version: string | null
  /** Replace a version that exists. */
  force: boolean
}

/**
 * The tags that a push moves: the one it names, and every other of the same version, since a version of a pack has
 * one content. Tags of anything but packs move freely.
 *
 * @throws RegistryError `TAG_IMMUTABLE` when a version exists with other content and nothing is forced;
 *   `TAG_INVALID` for a track, or one tag too many
 */
export function tagsToMove(held: Repository | undefined, { tag, digest, version, force }: Push): string[] {
  if (!held) return [tag]
  if (held.holdsPacks && isTrack(tag))
    throw new RegistryError(
      'TAG_INVALID',
      `${tag} is a track: the registry keeps it by itself. Push a version`,
    )
  const sameVersion = held.versions.filter((one) => version !== null && one.version === version)
  const others = sameVersion.filter((one) => one.digest !== digest)
  const target = held.tags.get(tag)
  const named = target !== undefined && target !== digest ? held.manifests.get(target)?.pack : undefined
  // A label, such as `stable`, moves from version to version: that is what it is for.
  const replaces = named && (version === null || isTagOf(tag, named.version))
  if ((replaces || others.length > 0) && !force)
    throw new RegistryError(
      'TAG_IMMUTABLE',
      `${held.name} ${version ?? tag} exists with other content. Push it under a new version, or replace it by force`,
      { detail: { tag, digest: target ?? others[0]?.digest } },
    )
  const tags = new Set([tag])
  for (const one of others)
    for (const own of one.tags) if (held.tags.has(own) && isTagOf(own, one.version)) tags.add(own)
  if (version !== null && new Set([...tags, ...held.tagsAt(digest)]).size > MAX_TAGS)
    throw new RegistryError('TAG_INVALID', `${held.name} ${version} has ${MAX_TAGS} tags, and takes no more`)
  return [...tags]
}
