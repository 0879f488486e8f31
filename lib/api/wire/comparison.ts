import { z } from 'zod'

import { PackStateName } from './pack'
import { Time } from './parts'

/** One of two versions that are compared. */
const Side = z.strictObject({
  packUid: z.string(),
  name: z.string(),
  displayName: z.string(),
  version: z.string(),
  registryUid: z.string(),
  registryName: z.string(),
  digest: z.string(),
  state: PackStateName,
  eol: z.string(),
  /** When the registry stopped listing it. */
  goneTime: Time.nullable(),
  addedTime: Time,
})

/** All are counted; the first 500 are listed. */
const Values = z.strictObject({
  added: z.number().int(),
  removed: z.number().int(),
  changed: z.number().int(),
  changes: z.array(
    z.strictObject({
      kind: z.enum(['added', 'removed', 'changed']),
      path: z.string(),
      from: z.string(),
      to: z.string(),
    }),
  ),
})

const Names = z.array(z.string())
const Items = z.strictObject({ added: Names, removed: Names, changed: Names })

export const PackComparison = z.strictObject({
  left: Side,
  right: Side,
  /** What matters most, as sentences. */
  summary: z.array(z.string()),
  /** Null: one of the two cannot be read as YAML, or both say too much. */
  values: Values.nullable(),
  metadata: Values,
  /** Ranges of versions or amounts; empty: nothing is asked. */
  constraints: z.array(
    z.strictObject({
      type: z.enum(['required', 'optional', 'notSupported', 'upgrade', 'resource']),
      name: z.string(),
      from: z.string(),
      to: z.string(),
    }),
  ),
  images: z.strictObject({
    added: Names,
    removed: Names,
    changed: z.array(z.strictObject({ name: z.string(), from: z.string(), to: z.string() })),
  }),
  presets: Items,
  rules: Items,
  /** Those that every version may have; with `files` manifests and charts too. */
  hasAllFiles: z.boolean(),
  /** What of them was left out and why: sentences for people. */
  notes: Names,
  files: z.array(
    z.strictObject({
      path: z.string(),
      change: z.enum(['same', 'added', 'removed', 'changed']),
      /** Null: not counted. */
      lines: z.strictObject({ added: z.number().int(), removed: z.number().int() }).nullable(),
    }),
  ),
})

export const PackFileComparison = z.strictObject({
  path: z.string(),
  left: z.string(),
  right: z.string(),
  /** From line, so many, are replaced by: from line, so many. Lines count from 0. Null: `reason` says why not. */
  edits: z
    .array(z.tuple([z.number().int(), z.number().int(), z.number().int(), z.number().int()]))
    .nullable(),
  reason: z.string(),
})
