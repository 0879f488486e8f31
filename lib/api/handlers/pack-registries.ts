import type { RegistryInput } from '../../registries/schema'
import type { ShownRegistry } from '../../registries/store'
import type { Handlers } from '../mount'
import type { packRegistryOperations } from '../operations/pack-registries'
import type { PackRegistryInput, RegistrySpecInput } from '../wire/registry'
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

function toWire(row: ShownRegistry) {
  return {
    apiVersion: 'v1',
    kind: 'pack' as const,
    metadata: toMetadata(row),
    spec: {
      auth: toAuthOut(row),
      endpoint: row.endpoint,
      name: row.name,
      private: row.isPrivate,
      registryUid: row.id,
      scope: 'tenant' as const,
      packyard: toSpecExtras(row),
    },
    status: { packSyncStatus: toSyncStatus(row), packyard: toStatusExtras(row) },
  }
}

function toInput(
  { spec, metadata }: PackRegistryInput,
  paused: boolean,
  held?: ShownRegistry,
): RegistryInput {
  const { name, private: isPrivate, packyard: extras } = spec
  return { ...toReach('pack', spec), ...toCommon({ metadata, name, isPrivate, extras, paused }, held) }
}

const one = handlersOfKind('pack', {
  toInput,
  toReach: (spec: RegistrySpecInput) => toReach('pack', spec),
  toWire,
})

export const packRegistryHandlers: Handlers<typeof packRegistryOperations> = {
  listPackRegistries: pageOf(toWire, 'pack'),
  summarizePackRegistries: pageOf((row) => toSummary(row, { private: row.isPrivate }), 'pack'),
  createPackRegistry: one.create,
  validatePackRegistry: one.validate,
  readPackRegistry: one.read,
  updatePackRegistry: one.update,
  deletePackRegistry: one.delete,
  syncPackRegistry: one.sync,
  readPackRegistrySync: one.readSync,
}
