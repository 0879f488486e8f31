import { z } from 'zod'

import { Time } from './parts'

const PackFile = z.strictObject({
  /** What lies in a packed chart stands below the chart's own path: `charts/a.tgz/templates/b.yaml`. */
  path: z.string(),
  /** In bytes. */
  size: z.number().int(),
  digest: z.string(),
  /** `large`: it is listed, and not kept to be shown. */
  kind: z.enum(['text', 'binary', 'large']),
})

/** Every file of a version, by path. At most 3,000. */
export const PackFiles = z.strictObject({
  packUid: z.string(),
  items: z.array(PackFile),
  /** Files that are not listed, since there are too many. */
  more: z.number().int(),
  /** What was left out and why: sentences for people. */
  notes: z.array(z.string()),
  /** When they were read from the registry. */
  readTime: Time,
})

export const PackFileText = PackFile.extend({
  /** Null where it is no text, or is not kept. */
  text: z.string().nullable(),
})

/** The container images that a version needs. At most 500. */
export const PackImages = z.strictObject({
  packUid: z.string(),
  items: z.array(
    z.strictObject({
      image: z.string(),
      /** The file that names it; `pack.content` where the pack's values list what it needs. */
      from: z.string(),
    }),
  ),
  /** Why there may be more. */
  notes: z.array(z.string()),
})

/** What changed from version to version, where a pack tells. */
export const PackChangelog = z.strictObject({
  packUid: z.string(),
  /** The file that it stands in; empty where there is none. */
  from: z.string(),
  /** Markdown. */
  text: z.string(),
  /** It goes on. */
  isCut: z.boolean(),
})
