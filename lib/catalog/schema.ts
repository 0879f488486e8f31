import { z } from 'zod'

import type { Layer } from '../pack-format/manifest'
import { CHANGE_KINDS } from './words'

export const PACK_STATES = ['active', 'deprecated', 'disabled', 'deleted'] as const
export const PackState = z.enum(PACK_STATES)
export type PackState = z.infer<typeof PackState>

/** What a list may be narrowed to: also what no registry lists any more, and what is past its end of life. */
export const PACK_LIST_STATES = [...PACK_STATES, 'gone', 'eol'] as const
export type PackListState = (typeof PACK_LIST_STATES)[number]

interface TextFilter {
  eq?: string
  ne?: string
  contains?: string
  beginsWith?: string
  ignoreCase: boolean
}

/** What of the catalog someone wants to see. Each list is "any of", the parts are "and". */
export interface CatalogFilter {
  /** Words in name, display name or description. */
  text?: string
  name?: TextFilter
  displayName?: TextFilter
  layers?: Layer[]
  /** `''` stands for packs without one. */
  addonTypes?: string[]
  addonSubTypes?: string[]
  cloudTypes?: string[]
  registryIds?: string[]
  /** Without: `active` and `deprecated`. */
  states?: PackListState[]
}

export type CatalogOrder = {
  field: 'name' | 'displayName' | 'layer' | 'addonType' | 'changed'
  descending: boolean
}[]

export const ChangeKind = z.enum(CHANGE_KINDS)
export type ChangeKind = z.infer<typeof ChangeKind>

/** Which changes of the catalog someone wants to see. Each list is "any of", the parts are "and". */
export interface ChangeFilter {
  registryIds?: string[]
  name?: string
  kinds?: ChangeKind[]
  runId?: string
  since?: Date
  until?: Date
}

/** One preset of a pack: what to take out of its values, and what to merge in. */
export const PackPreset = z.object({
  name: z.string(),
  displayName: z.string(),
  group: z.string(),
  remove: z.array(z.string()),
  add: z.string(),
})
export type PackPreset = z.infer<typeof PackPreset>

/** One rule of a pack's schema.yaml for one value. */
export const PackSchemaEntry = z.object({
  name: z.string(),
  type: z.string(),
  format: z.string(),
  regex: z.string(),
  required: z.boolean(),
  readonly: z.boolean(),
  listOptions: z.array(z.string()),
  hints: z.array(z.string()),
})
export type PackSchemaEntry = z.infer<typeof PackSchemaEntry>
