import { listChanges } from '../../catalog/changes'
import { readLifeCycle } from '../../catalog/life-cycle'
import type { PackState } from '../../catalog/schema'
import { listAgingPacks } from '../../profiles/aging'
import type { Handlers } from '../mount'
import type { changeOperations } from '../operations/changes'
import { idOf, tokenOf } from '../wire/list'

const some = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined)
const time = (at: Date | null) => at?.toISOString() ?? null
const date = (text: string | undefined) => (text === undefined ? undefined : new Date(text))

export const changeHandlers: Handlers<typeof changeOperations> = {
  async listChanges({ query }, { actor }) {
    const filter = {
      ...{ registryIds: some(query.registryUid), kinds: some(query.kind), runId: query.runUid },
      ...{ name: query.name || undefined, since: date(query.since), until: date(query.until) },
    }
    const { rows, next } = await listChanges(actor, filter, { before: idOf(query), limit: query.limit })
    return {
      items: rows.map(({ id, at, runId, registryId, registryName, packUid, ...row }) => ({
        ...{ ...row, uid: id, time: at.toISOString(), runUid: runId, packUid: packUid ?? '' },
        registry: { uid: registryId, name: registryName },
      })),
      listmeta: { continue: tokenOf(next === null ? null : { before: next }), limit: query.limit },
    }
  },
  async readLifeCycle({ params }, { actor }) {
    const { stateSince, eolSince, goneAt, rePushed, ...life } = await readLifeCycle(actor, params.uid)
    return {
      ...life,
      ...{ stateSinceTime: time(stateSince), eolSinceTime: time(eolSince), goneTime: time(goneAt) },
      rePushed: rePushed && { time: rePushed.at.toISOString(), was: rePushed.was, became: rePushed.became },
    }
  },
  async listAgingPacks({ query }, { actor }) {
    const rows = await listAgingPacks(actor, query.profileUid)
    return {
      items: rows.map(
        ({ registryId, registryName, stateAt, goneAt, heldDigest, repushedAt, digest, state, ...row }) => ({
          ...row,
          state: state as PackState,
          registry: { uid: registryId, name: registryName },
          ...{ stateSinceTime: time(stateAt), goneTime: time(goneAt) },
          rePushed: heldDigest === null ? null : { time: time(repushedAt), held: heldDigest, digest },
        }),
      ),
    }
  },
}
