import { compareVersions, parseTag, tracksOf } from '@/lib/pack-format/tag'

import type { Change, Manifest } from './changes'
import { SortedNames } from './sorted-names'

/** One version of a pack: a line of the listing that consoles sync from. */
export interface PackVersion {
  name: string
  version: string
  digest: string
  /** Its own tags, then the tracks that it is the newest of, then labels. */
  tags: string[]
  /** All its content, in bytes. */
  size: number
}

interface Derived {
  versions: readonly PackVersion[]
  /** Track → the digest of the newest version in it. */
  tracks: ReadonlyMap<string, string>
  tagNames: SortedNames
}

/** Whether a tag is a version's own: the version itself, or with a group before it (`lts__14.4.3`). */
export const isTagOf = (tag: string, version: string): boolean =>
  tag === version || parseTag(tag)?.label === version

const NONE = new SortedNames()

/** What lies in one repository. Tracks are not stored: they follow from the versions that are there. */
export class Repository {
  /** Digest → bytes. */
  readonly blobs = new Map<string, number>()
  readonly manifests = new Map<string, Manifest>()
  /** Tag → digest, without the tracks. */
  readonly tags = new Map<string, string>()
  /** Subject → what is about it. */
  readonly #referrers = new Map<string, SortedNames>()
  #derived: Derived | null = null
  #packs = 0

  constructor(readonly name: string) {}

  apply(change: Change): void {
    if (change.do !== 'link' && change.do !== 'unlink') this.#derived = null
    switch (change.do) {
      case 'link':
        this.blobs.set(change.digest, change.bytes)
        break
      case 'unlink':
        this.blobs.delete(change.digest)
        break
      case 'push':
        this.#hold(change.manifest)
        for (const tag of change.tags) this.tags.set(tag, change.manifest.digest)
        break
      case 'untag':
        for (const tag of change.tags) this.tags.delete(tag)
        break
      case 'remove':
        this.#drop(change.digest)
        for (const tag of this.tagsAt(change.digest)) this.tags.delete(tag)
        break
      case 'restore':
        for (const [digest, bytes] of Object.entries(change.blobs)) this.blobs.set(digest, bytes)
        for (const manifest of change.manifests) this.#hold(manifest)
        for (const [tag, digest] of Object.entries(change.tags)) this.tags.set(tag, digest)
    }
  }

  #hold(manifest: Manifest): void {
    const { digest, pack, subject } = manifest
    if (pack && !this.manifests.has(digest)) this.#packs++
    this.manifests.set(digest, manifest)
    if (!subject) return
    const referrers = this.#referrers.get(subject) ?? new SortedNames()
    this.#referrers.set(subject, referrers)
    referrers.set(digest, true)
  }

  #drop(digest: string): void {
    const { pack, subject } = this.manifests.get(digest) ?? {}
    if (pack) this.#packs--
    this.manifests.delete(digest)
    const referrers = subject ? this.#referrers.get(subject) : undefined
    referrers?.set(digest, false)
    if (subject && referrers?.all.length === 0) this.#referrers.delete(subject)
  }

  /** The digests of the manifests that are about this one, whether it is here or not. */
  referrersOf(digest: string): SortedNames {
    return this.#referrers.get(digest) ?? NONE
  }

  /** The change that makes this repository out of nothing. */
  toChange(): Change {
    return {
      do: 'restore',
      repository: this.name,
      blobs: Object.fromEntries(this.blobs),
      manifests: [...this.manifests.values()],
      tags: Object.fromEntries(this.tags),
    }
  }

  tagsAt(digest: string): string[] {
    return [...this.tags].filter(([, target]) => target === digest).map(([tag]) => tag)
  }

  get holdsPacks(): boolean {
    return this.#packs > 0
  }

  /** What a tag, a track or a digest stands for. */
  find(reference: string): Manifest | undefined {
    const digest = this.tags.get(reference) ?? this.#derive().tracks.get(reference) ?? reference
    return this.manifests.get(digest)
  }

  /** Whether a tag is a track that the registry keeps by itself. */
  keepsTrack(tag: string): boolean {
    return this.#derive().tracks.has(tag)
  }

  /** The packs in it, by version in the order of code units. Never changed afterwards: a change makes a new list. */
  get versions(): readonly PackVersion[] {
    return this.#derive().versions
  }

  get tagNames(): SortedNames {
    return this.#derive().tagNames
  }

  #derive(): Derived {
    this.#derived ??= derive(this)
    return this.#derived
  }
}

function derive({ name, manifests, tags }: Repository): Derived {
  const own = new Map<string, string[]>()
  const labels = new Map<string, string[]>()
  for (const [tag, digest] of tags) {
    const pack = manifests.get(digest)?.pack
    if (pack) push(isTagOf(tag, pack.version) ? own : labels, digest, tag)
  }
  const newest = new Map<string, string>()
  for (const tag of [...own.values()].flat())
    for (const track of tracksOf(tag)) {
      const held = newest.get(track)
      if (!tags.has(track) && (!held || compareVersions(labelOf(held), labelOf(tag)) < 0))
        newest.set(track, tag)
    }
  const tracksAt = new Map<string, string[]>()
  const tracks = new Map<string, string>()
  for (const [track, tag] of newest) {
    const digest = tags.get(tag) as string
    tracks.set(track, digest)
    push(tracksAt, digest, track)
  }
  const versions = [...own].flatMap(([digest, ownTags]): PackVersion[] => {
    const pack = manifests.get(digest)?.pack
    if (!pack) return []
    const { version, bytes } = pack
    const others = [...byLength(tracksAt.get(digest)), ...(labels.get(digest) ?? []).sort()]
    return [{ name, version, digest, tags: [...byLength(ownTags).reverse(), ...others], size: bytes }]
  })
  versions.sort((a, b) => (a.version < b.version ? -1 : 1))
  return { versions, tracks, tagNames: new SortedNames([...tags.keys(), ...tracks.keys()]) }
}

const labelOf = (tag: string): string => parseTag(tag)?.label ?? tag

function push(map: Map<string, string[]>, key: string, value: string) {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/** The narrowest first: `1.33.x` before `1.x`. */
const byLength = (tags: string[] = []): string[] =>
  [...tags].sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
