import type { Actor } from '../../access/actor'
import { addRegistry } from '../../registries/add'
import { changeRegistry } from '../../registries/change'
import { validateInput } from '../../registries/check'
import { listRegistries, readRegistry } from '../../registries/read'
import type { RegistryInput } from '../../registries/schema'
import type { ShownRegistry } from '../../registries/store'
import { listMeta, offsetOf } from '../wire/list'
import type { ListQuery } from '../wire/parts'
import { deleteAny, syncAny } from './registry-actions'
import { toSyncStatus } from './registry-parts'

interface Door {
  actor: Actor
  headers: Headers
}
interface OfOne {
  params: { uid: string }
}
/** `skipPackSync`: neither tested nor synced now. */
type Asked = { skipPackSync?: boolean; scope?: string } | undefined

/** How the shapes of one kind become what the verbs take, and back. */
interface Shapes<Body, Spec, Wire> {
  /** What is absent stays as it is held. */
  toInput(body: Body, skip: boolean, held?: ShownRegistry): RegistryInput
  toReach(spec: Spec): Parameters<typeof validateInput>[1]
  toWire(row: ShownRegistry): Wire
}

/** What answers the operations that every kind has: see operations/of-kind.ts. */
export const handlersOfKind = <Body, Spec, Wire>(
  kind: RegistryInput['kind'],
  { toInput, toReach, toWire }: Shapes<Body, Spec, Wire>,
) => ({
  async create({ query, body }: { query: Asked; body: Body }, { actor, headers }: Door) {
    const { id, auditId } = await addRegistry(actor, toInput(body, query?.skipPackSync ?? false))
    headers.set('audituid', auditId)
    return { uid: id }
  },
  validate: ({ body }: { body: Spec }, { actor }: Door) => validateInput(actor, toReach(body)),
  read: async ({ params }: OfOne, { actor }: Door) => toWire(await readRegistry(actor, params.uid, kind)),
  async update({ params, query, body }: OfOne & { query: Asked; body: Body }, { actor }: Door) {
    const held = await readRegistry(actor, params.uid, kind)
    await changeRegistry(actor, params.uid, toInput(body, query?.skipPackSync ?? false, held))
  },
  delete: ({ params }: OfOne, { actor }: Door) => deleteAny(actor, params.uid, kind),
  async sync({ params, query }: OfOne & { query: { forceSync: boolean } }, { actor, headers }: Door) {
    headers.set('audituid', await syncAny(actor, params.uid, kind, query.forceSync))
  },
  readSync: async ({ params }: OfOne, { actor }: Door) =>
    toSyncStatus(await readRegistry(actor, params.uid, kind)),
})

/** Answers one page of the registries of a kind, or of all. */
export const pageOf =
  <Item>(toItem: (row: ShownRegistry) => Item, kind?: RegistryInput['kind']) =>
  async ({ query }: { query: ListQuery }, { actor }: Door) => {
    const offset = offsetOf(query)
    const { rows, count } = await listRegistries(actor, { skip: offset, take: query.limit }, kind)
    return { items: rows.map(toItem), listmeta: listMeta(query, offset, count) }
  }
