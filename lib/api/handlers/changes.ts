import { listChanges } from '../../catalog/changes'
import type { Handlers } from '../mount'
import type { changeOperations } from '../operations/changes'
import { idOf, tokenOf } from '../wire/list'

const some = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined)
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
}
