import { OciSettings } from '../../adapters/schema'
import { AppError } from '../../errors'
import { listRegistries, readRegistry } from '../../registries/read'
import type { RegistryInput } from '../../registries/schema'
import type { ShownRegistry } from '../../registries/store'
import type { Handlers } from '../mount'
import type { ociRegistryOperations } from '../operations/oci-registries'
import type { OciRegistryInput, OciSpecInput } from '../wire/oci-registry'
import { handlersOfKind } from './of-kind'
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

export const ociSettingsOf = (row: ShownRegistry): OciSettings => OciSettings.parse(row)

/** How an OCI registry is reached. What is absent stays as it is held. */
export function ociReach(spec: OciSpecInput, held?: ShownRegistry) {
  if (spec.providerType === 'zarf')
    throw new AppError('invalid', 'Zarf packages are not read. Choose pack or helm as provider type.', {
      fields: { 'spec.providerType': 'Not read' },
    })
  return {
    ...toReach('oci', spec),
    oci: {
      providerType: spec.providerType,
      baseContentPath: spec.baseContentPath ?? '',
      basePath: spec.basePath ?? '',
      repositories: spec.packyard?.repositories ?? held?.repositories ?? [],
      tokenServer: spec.packyard?.tokenServer ?? held?.tokenServer ?? '',
    },
  }
}

function toInput({ spec, metadata }: OciRegistryInput, skip: boolean, held?: ShownRegistry): RegistryInput {
  // Not read without being synced: that is what a pause is.
  const paused = skip || spec.isSyncSupported === false
  return { ...ociReach(spec, held), ...toCommon({ metadata, extras: spec.packyard, paused }, held) }
}

function toWire(row: ShownRegistry) {
  const { providerType, baseContentPath, basePath, repositories, tokenServer } = ociSettingsOf(row)
  return {
    kind: 'oci' as const,
    metadata: toMetadata(row),
    spec: {
      auth: toAuthOut(row),
      endpoint: row.endpoint,
      ...{ providerType, baseContentPath, basePath },
      isSyncSupported: !row.paused,
      containsSpectroManifest: false,
      registryUid: row.id,
      scope: 'tenant' as const,
      packyard: {
        ...toSpecExtras(row),
        repositories,
        tokenServer,
      },
    },
    status: { syncStatus: toSyncStatus(row), packyard: toStatusExtras(row) },
  }
}

const one = handlersOfKind('oci', { toInput, toReach: (spec: OciSpecInput) => ociReach(spec), toWire })

const EVERYTHING = { skip: 0, take: 10_000 }

export const ociRegistryHandlers: Handlers<typeof ociRegistryOperations> = {
  async summarizeOciRegistries(_, { actor }) {
    const { rows } = await listRegistries(actor, EVERYTHING, 'oci')
    return {
      items: rows.map((row) =>
        toSummary(row, {
          providerType: ociSettingsOf(row).providerType,
          registryType: 'basic' as const,
          isPrivate: row.isPrivate,
          containsSpectroManifest: false,
        }),
      ),
    }
  },
  async readOciRegistrySummary({ params }, { actor }) {
    const row = await readRegistry(actor, params.uid, 'oci')
    return {
      auth: toAuthOut(row),
      endpoint: row.endpoint,
      providerType: ociSettingsOf(row).providerType,
      scope: 'tenant' as const,
      type: 'basic' as const,
    }
  },
  createOciRegistry: one.create,
  validateOciRegistry: one.validate,
  readOciRegistry: one.read,
  updateOciRegistry: one.update,
  deleteOciRegistry: one.delete,
  syncOciRegistry: one.sync,
  readOciRegistrySync: one.readSync,
}
