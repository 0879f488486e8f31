import { z } from 'zod'

/** What the registry knows of a manifest that is a pack. */
const Pack = z.object({
  version: z.string(),
  /** All its content: the manifest, and each blob that it refers to once. */
  bytes: z.number(),
  /** The digest of its logo. */
  logo: z.string().optional(),
})
export type Pack = z.infer<typeof Pack>

const Manifest = z.object({
  digest: z.string(),
  mediaType: z.string(),
  bytes: z.number(),
  pack: Pack.optional(),
  /** The digest of the manifest that it is about, and as what it is. */
  subject: z.string().optional(),
  referrerType: z.string().optional(),
})
export type Manifest = z.infer<typeof Manifest>

const Done = { at: z.string(), by: z.string() }

/** Everything that can happen to a registry. Each is one line of the journal, and happens entirely or not at all. */
export const Change = z.discriminatedUnion('do', [
  /** A repository may use a blob. */
  z.object({ do: z.literal('link'), repository: z.string(), digest: z.string(), bytes: z.number() }),
  /** A repository holds a blob no more. */
  z.object({ do: z.literal('unlink'), repository: z.string(), digest: z.string(), ...Done }),
  /** A manifest arrives, and these tags point at it from now on. */
  z.object({
    do: z.literal('push'),
    repository: z.string(),
    manifest: Manifest,
    tags: z.array(z.string()),
    ...Done,
    /** Why a version that existed was replaced. */
    message: z.string().optional(),
  }),
  z.object({ do: z.literal('untag'), repository: z.string(), tags: z.array(z.string()), ...Done }),
  /** A manifest goes, and every tag that points at it. */
  z.object({ do: z.literal('remove'), repository: z.string(), digest: z.string(), ...Done }),
  /** All of a repository at once: how a shortened journal begins. */
  z.object({
    do: z.literal('restore'),
    repository: z.string(),
    blobs: z.record(z.string(), z.number()),
    manifests: z.array(Manifest),
    tags: z.record(z.string(), z.string()),
  }),
])
export type Change = z.infer<typeof Change>
