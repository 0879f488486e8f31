import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import type { ProfilesWanted } from './schema'
import { newestVersionFirst } from './semver'
import {
  findHeldPacks,
  findOutlines,
  findProfileNames,
  type HeldPack,
  type ProfileOutline,
  type Sibling,
} from './store'

/** One profile as a list shows it: its newest version, and the uids of all. */
export interface ListedProfile {
  profile: ProfileOutline
  versions: Sibling[]
}

/** The profiles of the actor's project and the tenant's own; without a project the tenant's own. One a name. */
export async function listProfiles(
  actor: Actor,
  wanted: ProfilesWanted,
  page: { offset: number; limit: number },
): Promise<{ items: ListedProfile[]; packs: Map<string, HeldPack>; count: number }> {
  authorize(actor, 'clusterProfile.list')
  const { rows, count } = await findProfileNames(actor.tenantId, actor.projectId, wanted, page)
  const sorted = rows.map(({ versions }) => [...versions].sort(newestVersionFirst))
  const outlines = await findOutlines(
    actor.tenantId,
    sorted.flatMap(([newest]) => newest?.id ?? []),
  )
  const held = [...outlines.values()].flatMap((one) =>
    one.layers.flatMap((layer) => layer.packVersionId ?? []),
  )
  const packs = await findHeldPacks(actor.tenantId, [...new Set(held)])
  return {
    items: sorted.flatMap((versions) => {
      const profile = outlines.get(versions[0]?.id ?? '')
      return profile ? { profile, versions } : []
    }),
    packs: new Map(packs.map((one) => [one.id, one])),
    count,
  }
}
