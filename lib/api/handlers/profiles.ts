import type { z } from 'zod'

import { AppError } from '../../errors'
import { digestOf } from '../../pack-format/oci'
import { changeProfileMetadata } from '../../profiles/change-metadata'
import { changeVariables } from '../../profiles/change-variables'
import { type ListedProfile, listProfiles } from '../../profiles/list'
import { listMacros } from '../../profiles/macros'
import { publishProfile } from '../../profiles/publish'
import { type ReadProfile, readProfile } from '../../profiles/read'
import { removeProfile } from '../../profiles/remove'
import { sentenceOf } from '../../profiles/rules/finding'
import type { PackFacts } from '../../profiles/rules/subject'
import { changeProfile, createProfile } from '../../profiles/save'
import type { LayerInput, ProfilesWanted } from '../../profiles/schema'
import { type ProfileReport, validateProfile } from '../../profiles/validate'
import type { Handlers } from '../mount'
import type { profileOperations } from '../operations/profiles'
import { PackFacts as WireFacts } from '../wire/finding'
import { listMeta, offsetOf } from '../wire/list'
import { toTime } from '../wire/parts'
import type { PackInput, ProfilesFilter, ProfileToValidate } from '../wire/profile'
import { logoUrlOf, presetsOf, schemaOf } from './packs'

const toLayer = ({ uid, ...pack }: PackInput): LayerInput => ({ ...pack, packUid: uid })

const strings = (value: unknown) => value as Record<string, string>

/** Clients of the original read a profile's scope from this annotation. It is ours to say. */
const SCOPE = 'scope'

interface Described {
  id: string
  name: string
  projectId: string | null
  labels: unknown
  annotations: unknown
  createdAt: Date
  updatedAt: Date
}

const toMetadata = (profile: Described) => ({
  name: profile.name,
  uid: profile.id,
  labels: strings(profile.labels),
  annotations: { ...strings(profile.annotations), [SCOPE]: profile.projectId ? 'project' : 'tenant' },
  creationTimestamp: toTime(profile.createdAt),
  lastModifiedTimestamp: toTime(profile.updatedAt),
})

function withoutScope(annotations: Record<string, string> | undefined) {
  if (!annotations) return undefined
  const { [SCOPE]: _, ...rest } = annotations
  return rest
}

const toSiblings = (versions: readonly { id: string; version: string }[]) =>
  versions.map(({ id, version }) => ({ uid: id, version }))

type Pack = NonNullable<ReturnType<ReadProfile['packs']['get']>>

/** Why a layer's pack cannot be had any more; empty while it can. */
function invalidReason(pack: Pack | undefined): string {
  if (!pack) return 'The registry that it came from is gone.'
  if (pack.goneAt) return `${pack.registry.name} no longer lists this version.`
  return pack.state === 'deleted' ? 'This version was deleted by its makers.' : ''
}

const MACRO = /\{\{-?\s*\.spectro\.macro\./

function toWire({ profile, versions, packs, revisions }: ReadProfile, meta: readonly string[]) {
  const template = {
    uid: profile.id,
    name: profile.name,
    type: profile.type,
    cloudType: profile.cloudType,
    profileVersion: profile.version,
    packs: profile.layers.map((layer) => {
      const pack = packs.get(layer.packVersionId ?? '')
      const revision = revisions.get(layer.packRevisionId ?? '')
      const reason = layer.type === 'manifest' ? '' : invalidReason(pack)
      return {
        name: layer.name,
        layer: layer.layer,
        packUid: layer.packVersionId ?? '',
        tag: layer.tag,
        version: layer.version,
        type: layer.type,
        registryUid: layer.registryId ?? '',
        digest: layer.digest,
        logo: logoUrlOf(pack?.logoDigest ?? null),
        values: layer.values,
        annotations: strings(pack?.annotations ?? {}),
        manifests: layer.manifests.map(({ name, uid }) => ({ kind: 'manifest', name, uid })),
        ...(meta.includes('presets') && { presets: presetsOf(revision?.presets ?? []) }),
        ...(meta.includes('schema') && { schema: schemaOf(revision?.schema ?? []) }),
        isInvalid: reason !== '',
        inValidReason: reason,
      }
    }),
  }
  return {
    apiVersion: 'v1',
    kind: 'ClusterProfile' as const,
    metadata: toMetadata(profile),
    spec: {
      version: profile.version,
      versions: toSiblings(versions),
      ...(profile.publishedAt ? { published: template } : { draft: template }),
      packyard: {
        revision: profile.revision,
        displayNames: Object.fromEntries(profile.layers.map((one) => [one.name, one.displayName])),
      },
    },
    status: {
      isPublished: profile.publishedAt !== null,
      hasUserMacros: profile.layers.some((one) => MACRO.test(one.values)),
      inUseClusters: [],
    },
  }
}

function toSummary({ profile, versions }: ListedProfile, packs: ReadProfile['packs']) {
  const packOf = (layer: { packVersionId: string | null }) => packs.get(layer.packVersionId ?? '')
  const template = {
    type: profile.type,
    cloudType: profile.cloudType,
    packs: profile.layers.map((layer) => ({
      name: layer.name,
      displayName: layer.displayName,
      layer: layer.layer as 'addon',
      type: layer.type,
      tag: layer.tag,
      version: layer.version,
      packUid: layer.packVersionId ?? '',
      addonType: packOf(layer)?.addonType ?? '',
      logoUrl: logoUrlOf(packOf(layer)?.logoDigest ?? null),
      annotations: strings(packOf(layer)?.annotations ?? {}),
    })),
  }
  const states = profile.layers.map((layer) => {
    const pack = packOf(layer)
    // A layer of its own manifests has no pack that could go.
    if (layer.type === 'manifest') return 'active'
    return !pack || pack.goneAt ? 'deleted' : pack.state
  })
  const count = (state: string) => states.filter((one) => one === state).length
  return {
    metadata: toMetadata(profile),
    specSummary: {
      version: profile.version,
      versions: toSiblings(versions),
      ...(profile.publishedAt ? { published: template } : { draft: template }),
    },
    status: {
      isPublished: profile.publishedAt !== null,
      inUseClusters: [],
      pack: { deprecated: count('deprecated'), disabled: count('disabled'), deleted: count('deleted') },
    },
  }
}

const toWanted = ({ filter, sort = [] }: ProfilesFilter): ProfilesWanted => ({
  name: filter?.profileName,
  types: filter?.profileType ?? [],
  cloudTypes: filter?.environment?.includes('all') ? [] : (filter?.environment ?? []),
  order: sort.map(({ field, order }) => ({ field, descending: order === 'desc' })),
})

const toFacts = (facts: PackFacts): z.input<typeof WireFacts> => WireFacts.parse(facts)

function toValidation({ layers, findings, facts, before }: ProfileReport) {
  const subjects = [{ name: '', displayName: '' }, ...layers]
  return {
    packs: {
      results: subjects.flatMap(({ name, displayName }) => {
        const errors = findings
          .filter((one) => one.level === 'error' && one.pack === name)
          .map((one) => ({ code: one.code, message: sentenceOf(one) }))
        return errors.length > 0 ? { name, displayName, errors } : []
      }),
    },
    packyard: {
      findings: findings.map((one) => ({ ...one, message: sentenceOf(one) })),
      facts: facts.map(({ pack, facts }) => ({ pack, facts: toFacts(facts) })),
      before: [...before],
    },
  }
}

const toCheck = ({ type, cloudType, packs, packyard }: z.output<typeof ProfileToValidate>) => ({
  ...{ type, cloudType, layers: packs.map(toLayer) },
  variables: packyard?.variables,
})

export const profileHandlers: Handlers<typeof profileOperations> = {
  async listProfiles({ query, body }, { actor }) {
    const offset = offsetOf(query)
    const page = { offset, limit: query.limit }
    const { items, packs, count } = await listProfiles(actor, toWanted(body), page)
    return {
      items: items.map((one) => toSummary(one, packs)),
      listmeta: listMeta(query, offset, count),
    }
  },
  async createProfile({ query, body: { metadata, spec } }, { actor, headers }) {
    const { id, auditId } = await createProfile(
      actor,
      {
        name: metadata.name,
        version: spec.version,
        type: spec.template.type,
        cloudType: spec.template.cloudType,
        labels: metadata.labels ?? {},
        annotations: withoutScope(metadata.annotations) ?? {},
        layers: spec.template.packs.map(toLayer),
        variables: spec.variables ?? [],
      },
      { publish: query.publish, from: spec.packyard?.from },
    )
    headers.set('audituid', auditId)
    return { uid: id }
  },
  async readProfile({ params, query }, { actor }) {
    return toWire(await readProfile(actor, params.uid), query.includePackMeta.split(','))
  },
  updateProfile: ({ params, body: { metadata, spec } }, { actor }) =>
    changeProfile(actor, params.uid, {
      name: metadata?.name || undefined,
      version: spec.version || undefined,
      type: spec.template.type,
      labels: metadata?.labels,
      annotations: withoutScope(metadata?.annotations),
      layers: spec.template.packs.map(toLayer),
      variables: spec.packyard?.variables,
      revision: spec.packyard?.revision,
    }),
  updateProfileMetadata: ({ params, body: { metadata, spec } }, { actor }) =>
    changeProfileMetadata(actor, params.uid, {
      name: metadata.name || undefined,
      version: spec?.version || undefined,
      labels: metadata.labels,
      annotations: withoutScope(metadata.annotations),
    }),
  async readProfileVariables({ params }, { actor }) {
    const { profile } = await readProfile(actor, params.uid)
    return { variables: profile.variables }
  },
  putProfileVariables: ({ params, body }, { actor }) =>
    changeVariables(actor, params.uid, { put: body.variables }),
  patchProfileVariables: ({ params, body }, { actor }) =>
    changeVariables(actor, params.uid, { patch: body.variables }),
  deleteProfileVariables: ({ params, body }, { actor }) =>
    changeVariables(actor, params.uid, { remove: body.variables }),
  listProfileMacros: async (_, { actor }) => ({
    macros: listMacros(actor).map(({ name, about }) => ({
      name: `spectro.system.${name}`,
      value: '',
      packyard: { about },
    })),
  }),
  async listLayerManifests({ params }, { actor }) {
    const { profile } = await readProfile(actor, params.uid)
    const layer = profile.layers.find((one) => one.name === params.packName)
    if (!layer) throw new AppError('not_found', 'There is no such layer in this profile.')
    return {
      items: layer.manifests.map(({ uid, name, content }) => {
        const text = { content, digest: digestOf(Buffer.from(content)) }
        return {
          metadata: { name, uid },
          spec: profile.publishedAt ? { published: text } : { draft: text },
        }
      }),
    }
  },
  deleteProfile: ({ params }, { actor }) => removeProfile(actor, params.uid),
  publishProfile: ({ params }, { actor }) => publishProfile(actor, params.uid),
  validateNewProfile: async ({ body }, { actor }) =>
    toValidation(await validateProfile(actor, toCheck(body))),
  validateProfile: async ({ params, body }, { actor }) =>
    toValidation(await validateProfile(actor, toCheck(body), params.uid)),
}
