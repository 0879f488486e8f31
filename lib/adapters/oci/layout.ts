import { PACK_NAME, PACK_NAME_MAX } from '../../pack-format/pack-name'
import type { OciSettings } from '../schema'

/** A repository whose tags are the versions of one pack. */
export interface Place {
  path: string
  /** The pack's name: the last part of the path. */
  name: string
  /** Whatever lies here should be a pack, so that what is none is a failure and not somebody else's. */
  isOurs: boolean
}

/** Where packs lie below the base content path. */
const ARCHIVE = 'spectro-packs/archive'

const join = (...parts: string[]) => parts.filter((part) => part !== '').join('/')

/** The path before the names of packs, or of charts. Empty: they lie at the top. */
export const placesPath = ({ providerType, baseContentPath }: OciSettings): string =>
  providerType === 'pack' ? join(baseContentPath, ARCHIVE) : baseContentPath

/** Where a pack lies that was not looked up. */
export const pathOf = (name: string, settings: OciSettings): string => join(placesPath(settings), name)

/**
 * Which of the repositories of a registry are read.
 *
 * Packs lie under `<base>/spectro-packs/archive/`. Where nothing lies there, they may lie directly under the base, as
 * our own registry keeps them: then only what proves to be a pack is one. Charts lie anywhere under the base. Two
 * repositories of one name would be one pack: the first by path is taken.
 *
 * @see https://docs.spectrocloud.com/registries-and-packs/registries/oci-registry/
 */
export function placesAmong(repositories: readonly string[], settings: OciSettings): Place[] {
  if (settings.repositories.length > 0)
    return distinct(settings.repositories.map((path) => ({ path, name: lastOf(path), isOurs: true })))
  const below = (base: string) =>
    repositories.filter((path) => base === '' || path.startsWith(`${base}/`)).sort(byPath)
  const directly = (base: string, isOurs: boolean) =>
    below(base).flatMap((path) => {
      const name = path.slice(base === '' ? 0 : base.length + 1)
      return name.includes('/') ? [] : [{ path, name, isOurs }]
    })
  if (settings.providerType === 'helm')
    return distinct(
      below(settings.baseContentPath).map((path) => ({ path, name: lastOf(path), isOurs: false })),
    )
  const packs = distinct(directly(placesPath(settings), true))
  return packs.length > 0 ? packs : distinct(directly(settings.baseContentPath, false))
}

const lastOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

const byPath = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Those that have a pack's name, and each name once. */
function distinct(places: Place[]): Place[] {
  const first = new Map<string, Place>()
  for (const place of places)
    if (PACK_NAME.test(place.name) && place.name.length <= PACK_NAME_MAX && !first.has(place.name))
      first.set(place.name, place)
  return [...first.values()]
}
