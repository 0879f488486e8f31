import { z } from 'zod'

import { listDependents, readConstraints } from '../../catalog/constraints'
import { readPack } from '../../catalog/detail'
import { listVersionsOf, readPackByName } from '../../catalog/one-pack'
import type { PackState } from '../../catalog/schema'
import type { TagRow } from '../../catalog/store/one-pack'
import { listProfilesOfPack } from '../../profiles/used-by'
import type { Handlers } from '../mount'
import type { onePackOperations } from '../operations/one-pack'
import { fromOf, pageTokenOf } from '../wire/list'
import { WireLayer } from '../wire/pack'
import { toTime } from '../wire/parts'
import { logoUrlOf, presetsOf, schemaOf } from './packs'

/** A README is shown up to here: nobody reads more of one on a page. */
const README_LENGTH = 256 * 1024

const timeOrNull = (date: Date | null) => date?.toISOString() ?? null
const toTag = ({ tag, registryId, packUid, version }: TagRow) => ({
  ...{ tag, registryUid: registryId, packUid, version },
})
const layerOf = (layer: string) => WireLayer.parse(layer)
const kindOf = (kind: string) => z.enum(['required', 'optional', 'notSupported', 'upgrade']).parse(kind)

/** The pages of a list that is read along its keys, each with a token of its own. */
const pagesOf = (list: string) => ({
  /** @throws AppError `invalid` for a forged token */
  after(token: string): [string, string] | null {
    const from = fromOf({ continue: token, limit: 1, offset: 0 }, list)
    return 'after' in from ? from.after : null
  },
  token: (next: [string, string] | null) => pageTokenOf(next && { after: next }, list),
})

export const onePackHandlers: Handlers<typeof onePackOperations> = {
  async readPackByName({ params }, { actor }) {
    const { name, sources, tracks, labels } = await readPackByName(actor, params.packName)
    const [first] = sources
    return {
      name,
      displayName: first?.displayName ?? name,
      layer: layerOf(first?.layer ?? 'addon'),
      addonType: first?.addonType ?? '',
      addonSubType: first?.addonSubType ?? '',
      cloudTypes: first?.cloudTypes ?? [],
      description: first?.annotations.description ?? '',
      sources: sources.map((one) => ({
        registryUid: one.registryId,
        registryName: one.registryName,
        kind: one.registryKind,
        versions: one.versions,
        packUid: one.packUid,
        version: one.version,
        digest: one.digest,
        state: one.state,
        goneTime: timeOrNull(one.goneAt),
        logoUrl: logoUrlOf(one.logoDigest),
      })),
      tracks: tracks.map(toTag),
      labels: labels.map(toTag),
    }
  },

  async listVersionsOfPack({ params, query }, { actor }) {
    const { registryUid: registryId, version } = query
    const where = { name: params.packName, registryId, text: query.text.trim(), version }
    const pages = pagesOf(`versions ${JSON.stringify(where)}`)
    const page = { after: pages.after(query.continue), limit: query.limit }
    const { versions, count, next } = await listVersionsOf(actor, where, page)
    return {
      items: versions.map((one) => ({
        packUid: one.packUid,
        version: one.version,
        registryUid: one.registryId,
        registryName: one.registryName,
        digest: one.digest,
        repushes: one.repushes,
        repushedTime: timeOrNull(one.repushedAt),
        tags: one.tags,
        state: one.state,
        eol: one.eol.trim(),
        goneTime: timeOrNull(one.goneAt),
        addedTime: toTime(one.addedAt),
      })),
      listmeta: { continue: pages.token(next), count, limit: query.limit, offset: 0 },
    }
  },

  async readPackVersion({ params }, { actor }) {
    const { version, revision, values, readme } = await readPack(actor, params.uid)
    return {
      packUid: version.id,
      name: version.name,
      displayName: version.displayName,
      layer: layerOf(version.layer),
      version: version.version,
      registryUid: version.registryId,
      registryName: version.registry.name,
      digest: version.digest,
      logoUrl: logoUrlOf(version.logoDigest),
      cloudTypes: version.cloudTypes,
      state: version.state as PackState,
      eol: version.eol.trim(),
      goneTime: timeOrNull(version.goneAt),
      addedTime: toTime(version.createdAt),
      annotations: version.annotations as Record<string, string>,
      tags: version.tags.map((one) => one.tag).filter((tag) => tag !== version.version),
      readme: readme.slice(0, README_LENGTH),
      readmeBytes: Buffer.byteLength(readme),
      values,
      presets: presetsOf(revision.presets),
      schema: schemaOf(revision.schema),
    }
  },

  async readPackConstraints({ params }, { actor }) {
    const { requirements, resources } = await readConstraints(actor, params.uid)
    return {
      packUid: params.uid,
      requirements: requirements.map(({ name, versions, ...one }) => ({
        ...one,
        packName: name,
        versions: versions.map(({ registryId, ...version }) => ({ ...version, registryUid: registryId })),
      })),
      resources: resources.map(({ type, minLimit }) => ({ type, minLimit: minLimit ?? null })),
    }
  },

  async listPackDependents({ params, query }, { actor }) {
    const pack = { name: params.packName, version: query.version }
    const pages = pagesOf(`dependents ${pack.name}`)
    const [after = ''] = pages.after(query.continue) ?? []
    const { dependents, next } = await listDependents(actor, pack, { after, limit: query.limit })
    return {
      items: dependents.map((one) => ({
        packName: one.name,
        displayName: one.displayName,
        packUid: one.packUid,
        version: one.version,
        registryUid: one.registryId,
        registryName: one.registryName,
        layer: layerOf(one.layer),
        type: kindOf(one.kind),
        minVersion: one.minVersion,
        maxVersion: one.maxVersion,
        isInRange: one.isInRange,
      })),
      continue: pages.token(next === null ? null : [next, '']),
    }
  },

  async listPackProfiles({ params, query }, { actor }) {
    const pages = pagesOf(`profiles ${params.packName}`)
    const page = { after: pages.after(query.continue), limit: query.limit }
    const { uses, next } = await listProfilesOfPack(actor, params.packName, page)
    return {
      items: uses.map((one) => ({
        profileUid: one.uid,
        profileName: one.name,
        profileVersion: one.version,
        projectName: one.projectName,
        isPublished: one.isPublished,
        packUid: one.packUid ?? '',
        version: one.packVersion,
        tag: one.tag,
        digest: one.digest,
        registryUid: one.registryId ?? '',
        registryName: one.registryName,
      })),
      continue: pages.token(next),
    }
  },
}
