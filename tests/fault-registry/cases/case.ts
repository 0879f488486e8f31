import type { FaultKind } from '../catalog'
import type { Endpoint } from '../kinds'
import type { Fault } from '../registry'
import type { World } from './world'

/**
 * What must have become of the later catalog when the run is over:
 * `kept` the run failed and nothing of it is committed; `begun` it failed, and versions that were read before stay;
 * `aside` what was struck is listed with its reason and is as it was before, and all else is there; `sound` all of it is
 * there; `taken` all of it is there, and what was struck as it came; `held` nothing changed and removals wait for a
 * person; `unchanged` the registry was believed that it has nothing new.
 */
export type Ending = 'kept' | 'begun' | 'aside' | 'sound' | 'taken' | 'held' | 'unchanged'

/** One way in which a registry is hostile, at one place. */
export interface Scenario {
  /** Of the 64. */
  number: number
  /** The case, and which form of it. */
  title: string
  kind: FaultKind
  endpoint: Endpoint
  fault(world: World): Fault | Promise<Fault>
  ending: Ending | readonly Ending[]
  /** What a person must be told: part of the registry's message, or of the item's reason. */
  says?: RegExp
  /** Nothing is tried again before a person changed something: after refused credentials only. */
  needsPerson?: boolean
  /** Over https, with a certificate that is trusted. */
  isSecure?: boolean
  /** The registry is at a public address, as far as the egress policy is told. */
  isPublic?: boolean
  /** The first name that the registry is known by; it leads to its address. */
  host?: string
}

/** A place that a fault can strike: `kind:endpoint`. */
export type Place = `${FaultKind}:${Endpoint}`

/** What is struck decides how it ends: a listing is believed whole or not at all, an item fails alone. */
export function usualEnding(endpoint: Endpoint): Ending {
  if (endpoint === 'catalog' || endpoint === 'versions' || endpoint === 'tag') return 'kept'
  // What is not given in one answer is asked for one by one.
  return endpoint === 'contents' ? 'sound' : 'aside'
}

/** Everywhere that HTTP is spoken. */
export const EVERYWHERE: readonly Place[] = [
  ...(['pack:catalog', 'pack:contents', 'distribution:catalog', 'distribution:versions'] as const),
  ...(['distribution:manifest', 'distribution:content', 'distribution:logo'] as const),
  ...([
    'oci:catalog',
    'oci:versions',
    'oci:manifest',
    'oci:content',
    'helm:catalog',
    'helm:content',
  ] as const),
]
/** One place of each sort. */
export const EACH_SORT: readonly Place[] = [
  'pack:catalog',
  'pack:contents',
  'distribution:manifest',
  'oci:content',
  'helm:catalog',
  'helm:content',
]
export const LISTINGS: readonly Place[] = [
  'pack:catalog',
  'distribution:catalog',
  'oci:versions',
  'helm:catalog',
]

type Rest = Omit<Partial<Scenario>, 'number' | 'title' | 'kind' | 'endpoint'> & Pick<Scenario, 'fault'>

/** The same at several places. */
export const at = (places: readonly Place[], number: number, title: string, rest: Rest): Scenario[] =>
  places.map((place) => {
    const [kind, endpoint] = place.split(':') as [FaultKind, Endpoint]
    return { number, title, kind, endpoint, ending: usualEnding(endpoint), ...rest }
  })
