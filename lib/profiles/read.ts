import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { mustFind } from './find'
import { newestVersionFirst } from './semver'
import {
  findHeldPacks,
  findHeldRevisions,
  findSiblings,
  type HeldPack,
  type HeldRevision,
  type Sibling,
  type StoredProfile,
} from './store'

/** A profile version with its siblings and with what the catalog knows of its packs. */
export interface ReadProfile {
  profile: StoredProfile
  /** Every version of this name, newest first. */
  versions: Sibling[]
  /** By the uid of the pack version. One that is not in it is no longer known. */
  packs: Map<string, HeldPack>
  /** By the uid of the revision. */
  revisions: Map<string, HeldRevision>
}

/** @throws AppError `not_found` */
export async function readProfile(actor: Actor, id: string): Promise<ReadProfile> {
  authorize(actor, 'clusterProfile.get')
  const profile = await mustFind(actor, id)
  const ids = (key: 'packVersionId' | 'packRevisionId') => profile.layers.flatMap((one) => one[key] ?? [])
  const [versions, packs, revisions] = await Promise.all([
    findSiblings(actor.tenantId, profile.projectId, profile.name),
    findHeldPacks(actor.tenantId, ids('packVersionId')),
    findHeldRevisions(actor.tenantId, ids('packRevisionId')),
  ])
  return {
    profile,
    versions: [...versions].sort(newestVersionFirst),
    packs: new Map(packs.map((one) => [one.id, one])),
    revisions: new Map(revisions.map((one) => [one.id, one])),
  }
}
