import { addRegistry } from '../../registries/add'
import { changeRegistry } from '../../registries/change'
import { validateInput } from '../../registries/check'
import { listRegistries, readRegistry } from '../../registries/read'
import type { RegistryInput } from '../../registries/schema'
import type { ShownRegistry } from '../../registries/store'
import type { Handlers } from '../mount'
import type { helmRegistryOperations } from '../operations/helm-registries'
import type { HelmRegistryInput, HelmSpecInput } from '../wire/helm-registry'
import { listMeta, offsetOf } from '../wire/list'
import { deleteAny, syncAny } from './registry-actions'
import {
  toAuth,
  toAuthOut,
  toCommon,
  toMetadata,
  toStatusExtras,
  toSyncStatus,
  toTls,
} from './registry-parts'

const toReach = (spec: HelmSpecInput) => ({
  kind: 'helm' as const,
  endpoint: spec.endpoint,
  auth: toAuth(spec.auth),
  tls: toTls(spec.auth),
})

function toInput({ spec, metadata }: HelmRegistryInput, held?: ShownRegistry): RegistryInput {
  const { name, isPrivate, packyard: extras, createOption } = spec
  const paused = createOption?.skipSync ?? false
  return { ...toReach(spec), ...toCommon({ metadata, name, isPrivate, extras, paused }, held) }
}

function toWire(row: ShownRegistry) {
  return {
    apiVersion: 'v1',
    kind: 'helm' as const,
    metadata: toMetadata(row),
    spec: {
      auth: toAuthOut(row),
      endpoint: row.endpoint,
      isPrivate: row.isPrivate,
      name: row.name,
      registryUid: row.id,
      scope: 'tenant' as const,
      packyard: { syncEveryMinutes: row.syncEveryMinutes, paused: row.paused },
    },
    status: { helmSyncStatus: toSyncStatus(row), packyard: toStatusExtras(row) },
  }
}

export const helmRegistryHandlers: Handlers<typeof helmRegistryOperations> = {
  async listHelmRegistries({ query }, { actor }) {
    const offset = offsetOf(query)
    const { rows, count } = await listRegistries(actor, { skip: offset, take: query.limit }, 'helm')
    return { items: rows.map(toWire), listmeta: listMeta(query, offset, count) }
  },
  async createHelmRegistry({ body }, { actor, headers }) {
    const { id, auditId } = await addRegistry(actor, toInput(body))
    headers.set('audituid', auditId)
    return { uid: id }
  },
  async summarizeHelmRegistries({ query }, { actor }) {
    const offset = offsetOf(query)
    const { rows, count } = await listRegistries(actor, { skip: offset, take: query.limit }, 'helm')
    return {
      items: rows.map((row) => ({
        metadata: toMetadata(row),
        spec: { endpoint: row.endpoint, isPrivate: row.isPrivate, scope: 'tenant' as const },
        status: { sync: toSyncStatus(row), packyard: toStatusExtras(row) },
      })),
      listmeta: listMeta(query, offset, count),
    }
  },
  validateHelmRegistry: ({ body }, { actor }) => validateInput(actor, toReach(body)),
  readHelmRegistry: async ({ params }, { actor }) => toWire(await readRegistry(actor, params.uid, 'helm')),
  async updateHelmRegistry({ params, body }, { actor }) {
    const held = await readRegistry(actor, params.uid, 'helm')
    await changeRegistry(actor, params.uid, toInput(body, held))
  },
  deleteHelmRegistry: ({ params }, { actor }) => deleteAny(actor, params.uid, 'helm'),
  async syncHelmRegistry({ params, query }, { actor, headers }) {
    headers.set('audituid', await syncAny(actor, params.uid, 'helm', query.forceSync))
  },
  readHelmRegistrySync: async ({ params }, { actor }) =>
    toSyncStatus(await readRegistry(actor, params.uid, 'helm')),
}
