import type { ArchiveForm } from '../pack-format/pack-files'
import type { CheckStep, CheckStepName, RegistryKind } from './schema'

/** One version of one pack, as a registry lists it. */
export interface CatalogEntry {
  name: string
  version: string
  /** `sha256:…` of the manifest; changes whenever the content does. */
  digest: string
  /** Every tag that points at this version: the version itself, its tracks (`1.33.x`), labels. */
  tags: string[]
  /** Why it cannot be fetched, where the registry lists it in a way that nobody can use: a sentence for people. */
  fault?: string
  /** Where it lies, in words of the adapter alone, for an adapter that could not find it by name and digest. */
  source?: string
  /** To be fetched before those that are not: of packs with many versions, so that each pack is seen early. */
  isLead?: boolean
}

/** The parts of a pack that the console keeps. Each is content-addressed, and often shared by many versions. */
export const PART_NAMES = ['manifest', 'values', 'readme', 'schema', 'presets', 'logo'] as const
export type PartName = (typeof PART_NAMES)[number]

/** `bytes` is null where the caller said that it holds this digest already. */
export interface Part {
  digest: string
  size: number
  bytes: Uint8Array | null
}

export interface PackContent {
  digest: string
  /** `manifest` (pack.json) is always there. */
  parts: Partial<Record<PartName, Part>> & { manifest: Part }
}

/** What a version holds beside its parts, as its registry keeps it. */
export interface PackArchive {
  form: ArchiveForm
  /** What it is called, for people. */
  file: string
  bytes: Uint8Array
}

/** What the wire cost, counted where the requests leave. */
export interface Traffic {
  requests: number
  /** Bytes of response bodies, as they came over the wire. */
  bytes: number
}

/** What a registry lists. */
export interface Listing {
  /** Names this state; null where the registry has no name for it. It may be known only once `entries` were read. */
  readonly revision: string | null
  /**
   * Where the registry tells only what changed since the revision that was asked with: the names of these packs.
   * `entries` are all versions of these packs, none of one that is gone, and every other pack is as it was.
   */
  changed?: readonly string[]
  /** Of a version that comes twice the first counts. */
  entries: AsyncIterable<CatalogEntry>
  /** Once `entries` were read: they are what the caller holds, by the revision that it asked with. */
  readonly isUnchanged?: boolean
  /** Once `entries` were read: some tags were taken as the caller knew them, and not looked at. */
  readonly isTrusting?: boolean
  /** Each tag costs a request, unless the caller knows it. */
  readonly isTagByTag?: boolean
  /** Entries that can be no pack of any name, for people; filled while the others are read. */
  leftOut?: readonly string[]
}

/** What each tag of a pack pointed at when it was looked at last, as far as it need not be looked at now. */
export type KnownTags = (name: string) => Promise<ReadonlyMap<string, string>>

/** Speaks one registry protocol. Knows nothing of our database, our users or our encryption. */
export interface RegistryAdapter {
  readonly traffic: Traffic

  /**
   * Climbs the connection test's rungs and yields each as it ends. Stops at the first that fails; the caller
   * fills in the rest as `not_reached`. Never throws for what a registry or a network can do.
   */
  check(signal: AbortSignal): AsyncIterable<CheckStep>

  /**
   * The complete catalog as a stream with little of it in memory, or 'unchanged' when the registry says that nothing moved since `held`
   * (one conditional request). Throws rather than end early: a missing entry means "gone" to our caller.
   *
   * @param held the revision of a catalog that the caller holds completely; null: whatever is there, all of it
   * @param known for a registry that has to be asked for each tag; without, every tag is looked at
   * @throws RemoteError
   */
  list(held: string | null, signal: AbortSignal, known?: KnownTags): Promise<'unchanged' | Listing>

  /**
   * The content of one entry, each part bounded.
   *
   * @param holds tells which of these digests the caller has, so that they are not fetched again
   * @throws RemoteError
   */
  content(
    entry: CatalogEntry,
    holds: (digests: string[]) => Promise<Set<string>>,
    signal: AbortSignal,
  ): Promise<PackContent>

  /**
   * The contents of many entries in few requests, where a protocol has such a thing. What it does not give, for
   * whatever reason, is asked for by `content`; so a server that does not know it gives nothing, and a stream that
   * breaks for good gives what came. Never further ahead of the caller than one entry, and with no more entries asked
   * for than fit a few requests.
   *
   * @param holds as for `content`, asked for one entry
   * @throws RemoteError when the registry refuses us, or asks to wait
   */
  contents?<E extends CatalogEntry>(
    entries: AsyncIterable<E> | Iterable<E>,
    holds: (digests: string[], entry: E) => Promise<Set<string>>,
    signal: AbortSignal,
  ): AsyncIterable<{ entry: E; content: PackContent } | { entry: E; error: RemoteError }>

  /**
   * The archive with all files of one entry, proven by the entry's digest where the registry gives one; null where the
   * entry holds nothing beside its parts. Bounded, and not looked into.
   *
   * @throws RemoteError
   */
  archive(
    entry: Pick<CatalogEntry, 'name' | 'version' | 'digest'>,
    signal: AbortSignal,
  ): Promise<PackArchive | null>

  /** Ends kept-alive connections. The adapter is not used afterwards. */
  close(): Promise<void>
}

/**
 * A registry failed us. `next` says what has to happen before trying again makes sense:
 * `stalled` a person must change something, `waiting` not before `retryAfterSeconds`, `generic` back off and retry.
 * `message` and `fix` are for people and hold no secret.
 */
export class RemoteError extends Error {
  override readonly name = 'RemoteError'
  constructor(
    readonly step: CheckStepName,
    readonly next: 'stalled' | 'waiting' | 'generic',
    message: string,
    readonly fix: string,
    readonly details: ErrorOptions & {
      retryAfterSeconds?: number
      /** One answer was not acceptable; others of the registry may be. */
      isOfOneAnswer?: boolean
      /** It answered as something else than was asked for. */
      isOtherThing?: boolean
      /** It is a registry, of this kind. */
      otherKind?: RegistryKind
    } = {},
  ) {
    super(message, details)
  }
}
