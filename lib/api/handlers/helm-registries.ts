import type { RegistryInput } from '../../registries/schema'
import type { ShownRegistry } from '../../registries/store'
import type { Handlers } from '../mount'
import type { helmRegistryOperations } from '../operations/helm-registries'
import type { HelmRegistryInput, HelmSpecInput } from '../wire/helm-registry'
import { handlersOfKind, pageOf } from './of-kind'
import {
  toAuthOut,
  toCommon,
  toMetadata,
  toReach,
  toSpecExtras,
  toStatusExtras,
  toSummary,
  toSyncStatus,
} from './registry-parts'

function toInput({ spec, metadata }: HelmRegistryInput, _: boolean, held?: ShownRegistry): RegistryInput {
  const { name, isPrivate, packyard: extras, createOption } = spec
  const paused = createOption?.skipSync ?? false
  return { ...toReach('helm', spec), ...toCommon({ metadata, name, isPrivate, extras, paused }, held) }
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
      packyard: toSpecExtras(row),
    },
    status: { helmSyncStatus: toSyncStatus(row), packyard: toStatusExtras(row) },
  }
}

const one = handlersOfKind('helm', {
  toInput,
  toReach: (spec: HelmSpecInput) => toReach('helm', spec),
  toWire,
})

export const helmRegistryHandlers: Handlers<typeof helmRegistryOperations> = {
  listHelmRegistries: pageOf(toWire, 'helm'),
  summarizeHelmRegistries: pageOf((row) => toSummary(row, { isPrivate: row.isPrivate }), 'helm'),
  createHelmRegistry: one.create,
  validateHelmRegistry: one.validate,
  readHelmRegistry: one.read,
  updateHelmRegistry: one.update,
  deleteHelmRegistry: one.delete,
  syncHelmRegistry: one.sync,
  readHelmRegistrySync: one.readSync,
}
