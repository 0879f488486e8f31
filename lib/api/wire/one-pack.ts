import { z } from 'zod'

import { PACK_STATES } from '../../catalog/schema'
import { Preset, SchemaEntry, WireLayer } from './pack'
import { ListMeta, Time } from './parts'

const State = z.enum(PACK_STATES)
const Where = { registryUid: z.string(), registryName: z.string() }

const Tag = z.strictObject({
  tag: z.string(),
  registryUid: z.string(),
  packUid: z.string(),
  /** What it stands for now. */
  version: z.string(),
})

/** One pack, in whichever registries it is. */
export const OnePack = z.strictObject({
  name: z.string(),
  displayName: z.string(),
  layer: WireLayer,
  addonType: z.string(),
  addonSubType: z.string(),
  cloudTypes: z.array(z.string()),
  description: z.string(),
  /** The registry with the newest version first. */
  sources: z.array(
    z.strictObject({
      ...Where,
      kind: z.string(),
      /** Listed ones. */
      versions: z.number().int(),
      /** The newest that is listed and of use, else the newest of all. */
      packUid: z.string(),
      version: z.string(),
      digest: z.string(),
      state: State,
      goneTime: Time.nullable(),
      logoUrl: z.string(),
    }),
  ),
  /** `1.33.x`, `1.x` */
  tracks: z.array(Tag),
  /** `stable`, `lts__14.4.3` */
  labels: z.array(Tag),
})

/** Its versions, newest first, also those that a registry no longer lists. */
export const PackVersionList = z.strictObject({
  items: z.array(
    z.strictObject({
      packUid: z.string(),
      version: z.string(),
      ...Where,
      digest: z.string(),
      /** How often it was pushed again with other content, and when last. */
      repushes: z.number().int(),
      repushedTime: Time.nullable(),
      /** Tracks and labels that stand for it. */
      tags: z.array(z.string()),
      state: State,
      eol: z.string(),
      goneTime: Time.nullable(),
      addedTime: Time,
    }),
  ),
  listmeta: ListMeta,
})

/** One version with all that is shown of it. */
export const PackVersionDetail = z.strictObject({
  packUid: z.string(),
  name: z.string(),
  displayName: z.string(),
  layer: WireLayer,
  version: z.string(),
  ...Where,
  digest: z.string(),
  logoUrl: z.string(),
  cloudTypes: z.array(z.string()),
  state: State,
  eol: z.string(),
  goneTime: Time.nullable(),
  addedTime: Time,
  annotations: z.record(z.string(), z.string()),
  /** Tracks and labels that stand for it. */
  tags: z.array(z.string()),
  /** Cut where it is very long: `readmeBytes` tells how long it is. */
  readme: z.string(),
  readmeBytes: z.number().int(),
  values: z.string(),
  presets: z.array(Preset),
  schema: z.array(SchemaEntry),
})

const Dependency = {
  layer: WireLayer,
  type: z.enum(['required', 'optional', 'notSupported', 'upgrade']),
  /** Bounds are inclusive; empty: none. */
  minVersion: z.string(),
  maxVersion: z.string(),
}

/** What a version asks of other packs and of the machines, with what of this catalog is in the range. */
export const PackConstraints = z.strictObject({
  packUid: z.string(),
  requirements: z.array(
    z.strictObject({
      packName: z.string(),
      ...Dependency,
      /** Whether there is any pack of this name. */
      isThere: z.boolean(),
      /** Versions in the range, up to 1,000. */
      count: z.number().int(),
      isMore: z.boolean(),
      /** The newest of them. */
      versions: z.array(z.strictObject({ packUid: z.string(), version: z.string(), ...Where })),
    }),
  ),
  /** Millicores, MiB, GB. */
  resources: z.array(
    z.strictObject({ type: z.enum(['cpu', 'memory', 'diskSize']), minLimit: z.number().nullable() }),
  ),
})

/** The packs that ask for one, each by its newest version that does. */
export const PackDependents = z.strictObject({
  items: z.array(
    z.strictObject({
      packName: z.string(),
      displayName: z.string(),
      packUid: z.string(),
      version: z.string(),
      ...Where,
      ...Dependency,
      /** Whether the version that was asked about is in the range. */
      isInRange: z.boolean(),
    }),
  ),
  /** Where the list goes on; empty at its end. */
  continue: z.string(),
})

/** The profiles that hold a pack. */
export const PackUses = z.strictObject({
  items: z.array(
    z.strictObject({
      profileUid: z.string(),
      profileName: z.string(),
      profileVersion: z.string(),
      /** Empty: the tenant's own. */
      projectName: z.string(),
      isPublished: z.boolean(),
      /** Empty where the version is in no registry any more. */
      packUid: z.string(),
      version: z.string(),
      /** What it follows: a version, or a track. */
      tag: z.string(),
      digest: z.string(),
      ...Where,
    }),
  ),
  /** Where the list goes on; empty at its end. */
  continue: z.string(),
})
