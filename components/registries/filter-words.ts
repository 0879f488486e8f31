import { LAYER_LOOKS } from '@/components/packs/layers'
import type { PackFilter } from '@/lib/registries/schema'

/** What a registry's filter takes, in a line. Empty: everything. */
export const filterWords = (filter: PackFilter): string =>
  [
    filter.include.length > 0 && `names ${some(filter.include)}`,
    filter.exclude.length > 0 && `not ${some(filter.exclude)}`,
    filter.versions && `versions ${filter.versions}`,
    filter.newest > 0 && `the ${filter.newest} newest of each`,
    filter.layers.length > 0 && filter.layers.map((layer) => LAYER_LOOKS[layer].name).join(', '),
    filter.addonTypes.length > 0 && `types ${some(filter.addonTypes)}`,
  ]
    .filter(Boolean)
    .join('; ')

const SHOWN = 8

const some = (all: readonly string[]) =>
  [...all.slice(0, SHOWN), ...(all.length > SHOWN ? [`${all.length - SHOWN} more`] : [])].join(', ')
