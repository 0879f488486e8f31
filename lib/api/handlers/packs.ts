import { listVersions, type PackDetail, readPack, readPackInRegistry } from '../../catalog/detail'
import { logoOf, readLogo } from '../../catalog/logo'
import { packTypeOf } from '../../catalog/pack-type'
import type { CatalogFilter, CatalogOrder, PackListState, PackState } from '../../catalog/schema'
import { PACK_LIST_STATES, PACK_STATES, PackPreset, PackSchemaEntry } from '../../catalog/schema'
import { countFacets, searchCatalog } from '../../catalog/search'
import type { VersionRow } from '../../catalog/store/versions'
import { AppError } from '../../errors'
import { PackManifest } from '../../pack-format/manifest'
import { isTrack, parseTag, tracksOf } from '../../pack-format/tag'
import type { Handlers } from '../mount'
import type { packOperations } from '../operations/packs'
import { fromOf, listMeta, offsetOf, pageTokenOf } from '../wire/list'
import type { PackSearch, WireLayer } from '../wire/pack'
import { toTime } from '../wire/parts'

type Layer = (typeof WireLayer)['options'][number]

/** The address of a logo names its content: a browser keeps it for ever, whichever packs and versions have it. */
export const logoUrlOf = (logoDigest: string | null) => (logoDigest ? `/v1/packyard/logos/${logoDigest}` : '')

export const YEAR_S = 31_536_000

/** A picture that we drew; all the same nothing in it could run. @param maxAge in seconds */
export function toPicture(request: Request, bytes: Uint8Array, tag: string, maxAge: number): Response {
  const etag = `"${tag}"`
  const headers = {
    etag,
    'cache-control': `private, max-age=${maxAge}${maxAge === YEAR_S ? ', immutable' : ''}`,
    expires: new Date(Date.now() + maxAge * 1000).toUTCString(),
    'content-type': 'image/webp',
    'content-disposition': 'inline; filename="picture.webp"',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  }
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
  return new Response(Buffer.from(bytes), { status: 200, headers })
}

const SIZES = { 64: 'small', 128: 'large' } as const

const strings = (value: unknown) => value as Record<string, string>

export function toFilter({ filter }: PackSearch): CatalogFilter {
  return {
    text: filter.packyard?.text,
    name: filter.name,
    displayName: filter.displayName,
    layers: filter.layer,
    addonTypes: filter.addOnType,
    addonSubTypes: filter.addOnSubType,
    cloudTypes: filter.environment,
    registryIds: filter.registryUid,
    states: filter.state?.filter((one): one is PackListState =>
      PACK_LIST_STATES.includes(one as PackListState),
    ),
  }
}

const ORDER_FIELDS = {
  name: 'name',
  displayName: 'displayName',
  layer: 'layer',
  addOnType: 'addonType',
} as const

export function toOrder({ sort, filter }: PackSearch): CatalogOrder {
  if (filter.packyard?.newestFirst) return [{ field: 'changed', descending: true }]
  // Without words there is no best match.
  if (sort.length === 0 && !filter.packyard?.text) return [{ field: 'name', descending: false }]
  return sort.flatMap(({ field, order }) =>
    // Every pack registry's packs are of one type: it orders nothing.
    field === 'type' ? [] : { field: ORDER_FIELDS[field], descending: order === 'desc' },
  )
}

const head = (version: VersionRow) => ({
  name: version.name,
  displayName: version.displayName,
  layer: version.layer as Layer,
  registryUid: version.registryId,
  logoUrl: logoUrlOf(version.logoDigest),
  addonType: version.addonType,
  addonSubType: version.addonSubType,
  cloudTypes: version.cloudTypes,
})

/** A version's tags, and for each track the version that it stands for. */
function toTags(version: VersionRow) {
  const tags = new Set([version.version, ...version.tags.map((one) => one.tag)])
  return [...tags].map((tag) => ({
    tag,
    version: version.version,
    packUid: version.id,
    parentTags: isTrack(tag) ? [] : tracksOf(tag),
    group: parseTag(tag)?.group || version.group,
  }))
}

export const presetsOf = (value: unknown) => PackPreset.array().parse(value)
export const schemaOf = (value: unknown) => PackSchemaEntry.array().parse(value)

function toValues({ version, revision, values, readme }: PackDetail) {
  const manifest = PackManifest.safeParse(revision.manifest)
  return {
    packUid: version.id,
    values,
    readme,
    annotations: strings(version.annotations),
    presets: presetsOf(revision.presets),
    schema: schemaOf(revision.schema),
    dependencies: (manifest.data?.constraints?.dependencies ?? []).map((one) => ({
      uid: '',
      name: one.packName,
      displayName: one.packName,
      version: [one.minVersion, one.maxVersion].filter(Boolean).join(' – '),
      registryUid: '',
      logoUrl: '',
    })),
    packyard: {
      version: version.version,
      digest: version.digest,
      state: version.state as PackState,
      eol: version.eol,
      goneTime: version.goneAt?.toISOString() ?? null,
      addedTime: toTime(version.createdAt),
      constraints: toConstraints(manifest.data?.constraints),
    },
  }
}

const toConstraints = (constraints: PackManifest['constraints']) => ({
  dependencies: (constraints?.dependencies ?? []).map((one) => ({
    packName: one.packName,
    layer: one.layer,
    type: one.type,
    minVersion: one.minVersion ?? '',
    maxVersion: one.maxVersion ?? '',
  })),
  resources: (constraints?.resources ?? []).map(({ type, minLimit }) => ({
    type,
    minLimit: minLimit ?? null,
  })),
})

const FILTERS = { 'spec.name': 'name', 'spec.version': 'version', 'spec.registryUid': 'registryId' } as const

/** `spec.name=aANDspec.version=b`, as clients of the original write it. Only listed fields pass. */
function readFilters(text: string): { name?: string; version?: string; registryId?: string } {
  const where: { name?: string; version?: string; registryId?: string } = {}
  for (const part of text.split('AND').filter(Boolean)) {
    if (/^spec\.cloudTypes_in_/.test(part)) continue
    const [field = '', value = ''] = part.split(/=(.*)/s)
    if (!Object.hasOwn(FILTERS, field))
      throw new AppError('invalid', `Packs are not filtered by "${field.slice(0, 64)}".`, {
        fields: { filters: `Use ${Object.keys(FILTERS).join(', ')}` },
      })
    where[FILTERS[field as keyof typeof FILTERS]] = value
  }
  return where
}

/** The list that a token of a next page belongs to. */
export const packsBy = (tenantId: string, order: CatalogOrder) =>
  `${tenantId} packs by ${JSON.stringify(order)}`

export const packHandlers: Handlers<typeof packOperations> = {
  async searchPacks({ query, body }, { actor }) {
    const order = toOrder(body)
    const list = packsBy(actor.tenantId, order)
    const from = fromOf(query, list)
    const page = { from, limit: query.limit }
    const { rows, count, isAlike, next } = await searchCatalog(actor, toFilter(body), order, page)
    return {
      items: rows.map((row) => ({
        apiVersion: 'v1',
        kind: 'Pack',
        metadata: { name: row.name, uid: row.sources[0]?.packUid ?? '' },
        spec: {
          name: row.name,
          displayName: row.displayName,
          layer: row.layer as Layer,
          type: packTypeOf(row.sources[0]?.registryKind ?? ''),
          group: row.group,
          addonType: row.addonType,
          addonSubType: row.addonSubType,
          cloudTypes: row.cloudTypes,
          registries: row.sources.map((source) => ({
            uid: source.registryId,
            name: source.registryName,
            scope: 'tenant',
            logoUrl: logoUrlOf(source.logoDigest),
            latestPackUid: source.packUid,
            latestVersion: source.version,
            annotations: source.annotations,
          })),
          packyard: {
            versions: row.versions,
            state: row.state,
            eol: row.eolOn ?? '',
            description: row.description,
            updatedTime: toTime(row.changedAt),
            isAlike,
          },
        },
      })),
      listmeta: {
        ...{ continue: pageTokenOf(next, list), count, limit: query.limit },
        offset: 'offset' in from ? from.offset : 0,
      },
    }
  },
  countPackFacets: ({ body }, { actor }) => countFacets(actor, toFilter(body)),
  async listPackVersions({ query }, { actor }) {
    const offset = offsetOf(query)
    const { details, count } = await listVersions(actor, readFilters(query.filters), {
      skip: offset,
      take: query.limit,
    })
    return {
      items: details.map(({ version, revision, values }) => ({
        apiVersion: 'v1',
        kind: 'Pack',
        metadata: { name: version.name, uid: version.id },
        spec: {
          ...head(version),
          version: version.version,
          type: packTypeOf(version.registry.kind),
          group: version.group,
          eol: version.eol,
          digest: version.digest,
          annotations: strings(version.annotations),
          values,
          presets: presetsOf(revision.presets),
          schema: schemaOf(revision.schema),
          manifests: [],
        },
        status: {},
      })),
      // It may have ended early: the next page begins there.
      listmeta: listMeta(query, offset, count, details.length || undefined),
    }
  },
  async readPackInRegistry({ params, query }, { actor }) {
    const states = query.states
      .split(',')
      .filter((one): one is PackState => PACK_STATES.includes(one as PackState))
    const { versions, details } = await readPackInRegistry(actor, {
      name: params.packName,
      registryId: params.registryUid,
      states,
      layer: query.layer || undefined,
    })
    const [newest] = versions
    if (!newest) throw new AppError('not_found', 'There is no such pack.')
    return { ...head(newest), tags: versions.flatMap(toTags), packValues: details.map(toValues) }
  },
  async readPack({ params }, { actor }) {
    const detail = await readPack(actor, params.uid)
    return { ...head(detail.version), tags: toTags(detail.version), packValues: [toValues(detail)] }
  },
  readPackReadme: async ({ params }, { actor }) => ({ readme: (await readPack(actor, params.uid)).readme }),
  /** By uid it may be another one after the next sync. */
  async readPackLogo({ params, query }, { actor, request }) {
    const digest = await logoOf(actor, params.uid)
    const bytes = await readLogo(actor, digest, SIZES[query.size])
    return toPicture(request, bytes, `${digest}-${query.size}`, 300)
  },
  async readLogo({ params: { digest }, query }, { actor, request }) {
    const bytes = await readLogo(actor, digest, SIZES[query.size])
    return toPicture(request, bytes, `${digest}-${query.size}`, YEAR_S)
  },
}
