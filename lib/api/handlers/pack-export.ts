import { csvLine } from '../../catalog/csv'
import { type CatalogExport, exportCatalog } from '../../catalog/export'
import { packTypeOf } from '../../catalog/pack-type'
import type { PackRow } from '../../catalog/store/search'
import type { Handlers } from '../mount'
import type { packExportOperations } from '../operations/pack-export'
import { toFilter, toOrder } from './packs'

const toEntry = (row: PackRow) => ({
  name: row.name,
  displayName: row.displayName,
  layer: row.layer,
  type: packTypeOf(row.sources[0]?.registryKind ?? ''),
  addonType: row.addonType,
  addonSubType: row.addonSubType,
  state: row.state,
  newestVersion: row.sources[0]?.version ?? '',
  versions: row.versions,
  registries: row.sources.map((one) => ({
    uid: one.registryId,
    name: one.registryName,
    newestVersion: one.version,
    packUid: one.packUid,
  })),
  cloudTypes: row.cloudTypes,
  description: row.description,
  updatedTime: row.changedAt.toISOString(),
})

type Entry = ReturnType<typeof toEntry>

const COLUMNS: Record<keyof Entry, (entry: Entry) => string> = {
  name: (one) => one.name,
  displayName: (one) => one.displayName,
  layer: (one) => one.layer,
  type: (one) => one.type,
  addonType: (one) => one.addonType,
  addonSubType: (one) => one.addonSubType,
  state: (one) => one.state,
  newestVersion: (one) => one.newestVersion,
  versions: (one) => String(one.versions),
  registries: (one) => one.registries.map(({ name }) => name).join('; '),
  cloudTypes: (one) => one.cloudTypes.join('; '),
  description: (one) => one.description,
  updatedTime: (one) => one.updatedTime,
}

async function* toCsv({ pages }: CatalogExport): AsyncGenerator<string> {
  yield csvLine(Object.keys(COLUMNS))
  for await (const rows of pages)
    yield rows
      .map((row) => {
        const entry = toEntry(row)
        return csvLine(Object.values(COLUMNS).map((column) => column(entry)))
      })
      .join('')
}

async function* toJson({ pages, count, isCut }: CatalogExport): AsyncGenerator<string> {
  yield `{"count":${count},"isCut":${isCut},"items":[`
  let between = '\n'
  for await (const rows of pages)
    for (const row of rows) {
      yield `${between}${JSON.stringify(toEntry(row))}`
      between = ',\n'
    }
  yield '\n]}\n'
}

const FORMATS = {
  csv: { type: 'text/csv; charset=utf-8; header=present', write: toCsv },
  json: { type: 'application/json', write: toJson },
} as const

/** Text that is made as it is read. Whoever goes away ends it; what fails breaks the line, so that nobody believes a part. */
function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: async () => void (await pieces.return(undefined)),
  })
}

export const packExportHandlers: Handlers<typeof packExportOperations> = {
  async exportPacks({ query, body }, { actor }) {
    const found = await exportCatalog(actor, toFilter(body), toOrder(body))
    const { type, write } = FORMATS[query.format]
    const day = new Date().toISOString().slice(0, 10)
    const file = `packs-${day}${found.isCut ? `-first-${found.count}` : ''}.${query.format}`
    return new Response(streamOf(write(found)), {
      headers: {
        'content-type': type,
        'content-disposition': `attachment; filename="${file}"`,
        'x-content-type-options': 'nosniff',
        'packyard-export-count': String(found.count),
        'packyard-export-cut': String(found.isCut),
      },
    })
  },
}
