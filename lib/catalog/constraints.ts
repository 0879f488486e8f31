import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { PackManifest } from '../pack-format/manifest'
import { compareVersions } from '../pack-format/tag'
import { readPack } from './detail'
import { COUNTED, type Dependent, type Fitting, findDependents, findFitting } from './store/constraints'

type Constraints = NonNullable<PackManifest['constraints']>
type Dependency = NonNullable<Constraints['dependencies']>[number]

/** What one version asks of another pack, and which versions of the catalog are that. */
export interface Requirement extends Omit<Fitting, 'index'> {
  name: string
  layer: Dependency['layer']
  type: Dependency['type']
  /** Inclusive; empty: none. */
  minVersion: string
  maxVersion: string
  /** There are more than `count`. */
  isMore: boolean
}

const MAX_REQUIREMENTS = 200
const SHOWN = 5

/**
 * What a version asks of other packs and of the machines, with what of this catalog fulfils it.
 *
 * @throws AppError `not_found`
 */
export async function readConstraints(
  actor: Actor,
  versionId: string,
): Promise<{ requirements: Requirement[]; resources: NonNullable<Constraints['resources']> }> {
  authorize(actor, 'pack.get')
  const { revision } = await readPack(actor, versionId)
  const manifest = PackManifest.safeParse(revision.manifest)
  const { dependencies = [], resources = [] } = manifest.data?.constraints ?? {}
  const asked = dependencies.slice(0, MAX_REQUIREMENTS).map((one) => ({
    ...{ name: one.packName, layer: one.layer, type: one.type },
    minVersion: one.minVersion?.trim() ?? '',
    maxVersion: one.maxVersion?.trim() ?? '',
  }))
  const fitting = asked.length > 0 ? await findFitting(actor.tenantId, asked, SHOWN) : []
  return {
    requirements: fitting.flatMap(({ index, ...found }) => {
      const one = asked[index]
      return one ? [{ ...one, ...found, isMore: found.count >= COUNTED }] : []
    }),
    resources,
  }
}

/**
 * The packs that ask for one, each by its newest version that does, by name.
 *
 * @param version tells of each whether this version is in its range
 * @param after the name of the last one of the page before
 */
export async function listDependents(
  actor: Actor,
  pack: { name: string; version: string },
  page: { after: string; limit: number },
): Promise<{ dependents: (Dependent & { isInRange: boolean })[]; next: string | null }> {
  authorize(actor, 'pack.get')
  const found = await findDependents(actor.tenantId, pack.name, page.after, page.limit + 1)
  const dependents = found.slice(0, page.limit)
  return {
    dependents: dependents.map((one) => ({ ...one, isInRange: isInRange(pack.version, one) })),
    next: found.length > page.limit ? (dependents.at(-1)?.name ?? null) : null,
  }
}

/** Bounds are inclusive, and one that is missing holds nothing. @see ../profiles/rules.ts */
const isInRange = (
  version: string,
  { minVersion: min, maxVersion: max }: Pick<Dependent, 'minVersion' | 'maxVersion'>,
) => (!min || compareVersions(version, min) >= 0) && (!max || compareVersions(version, max) <= 0)
