import { createGunzip } from 'node:zlib'

import { extract } from 'tar-stream'
import { z } from 'zod'

import { checkPath, PackError, unpackedLimit } from './archive'
import { PART_LIMITS } from './media-types'
import { parseYaml } from './yaml'

const MIB = 1024 * 1024

/** Bounds of what is unpacked of a chart. Helm itself takes no chart of more than 100 MiB. */
export const CHART_LIMITS = {
  unpackedBytes: 100 * MIB,
  entries: 20_000,
  chartYamlBytes: 256 * 1024,
} as const

/** A packed chart, as far as a console needs it. Everything but Chart.yaml may be missing. */
export interface Chart {
  metadata: ChartMetadata
  values: Uint8Array | null
  readme: Uint8Array | null
  /** values.schema.json: a JSON Schema. */
  schema: Uint8Array | null
  /** Its own picture: in Chart.yaml as a data: URL, or a file of the archive. Never one from elsewhere. */
  icon: Uint8Array | null
}

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const optional = text.optional().catch(undefined)
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item.nullable().catch(null))
    .transform((all) => all.flatMap((one) => (one === null ? [] : [one])))
    .catch([])
    .default([])

/**
 * Chart.yaml. Only name and version have to be sound: the rest is for people.
 *
 * @see https://helm.sh/docs/topics/charts/#the-chartyaml-file
 */
const ChartMetadata = z.object({
  name: z.string().min(1),
  version: text,
  description: optional,
  type: optional,
  home: optional,
  icon: optional,
  appVersion: optional,
  kubeVersion: optional,
  deprecated: z.boolean().catch(false).default(false),
  keywords: list(text),
  maintainers: list(z.object({ name: text })),
  dependencies: list(
    z.object({ name: text, version: optional, repository: optional, alias: optional, condition: optional }),
  ),
  annotations: z.record(z.string(), text.catch('')).catch({}).default({}),
})
export type ChartMetadata = z.infer<typeof ChartMetadata>

/**
 * The name in the Chart.yaml of a packed Helm chart: the key under which its values stand. It is often not the name of
 * the file.
 *
 * @param file the archive's path, for the error
 * @throws PackError where it is no chart archive
 */
export async function readChartName(file: string, tgz: Uint8Array): Promise<string> {
  for await (const entry of entriesOf(file, tgz))
    if (entry.path === 'Chart.yaml') return nameIn(file, await entry.read(CHART_LIMITS.chartYamlBytes))
  throw new PackError(file, 'holds no Chart.yaml')
}

function nameIn(file: string, chartYaml: Uint8Array): string {
  try {
    return ChartMetadata.pick({ name: true }).parse(parseYaml(utf8.decode(chartYaml))).name
  } catch {
    throw new PackError(file, 'holds a Chart.yaml without a name')
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a packed chart as it streams out of its archive: a few files by name, each bounded; nothing is written, and
 * links, devices and paths that lead out are never followed, since no path is.
 *
 * @param file the archive's name, for the error
 * @throws PackError where it is no chart archive, or one that is too large
 */
export async function readChart(file: string, tgz: Uint8Array): Promise<Chart> {
  const found = new Map<string, Uint8Array>()
  let chart: { folder: string; metadata: ChartMetadata; icon: string | null } | undefined
  for await (const entry of entriesOf(file, tgz)) {
    const { folder, path } = entry
    const wanted = WANTED.find(([pattern]) => pattern.test(path))?.[1]
    const isIcon = chart?.folder === folder && chart.icon === path
    if (!wanted && !isIcon) continue
    const key = `${folder}/${isIcon ? 'icon' : wanted}`
    if (found.has(key)) throw new PackError(file, `holds ${path} twice`)
    if (wanted && entry.size > LIMITS[wanted]) {
      if (LEFT_OUT.has(wanted)) continue
      throw new PackError(file, `holds a ${path} of more than ${LIMITS[wanted].toLocaleString('en')} bytes`)
    }
    if (isIcon && entry.size > PART_LIMITS.logo) continue
    const bytes = await entry.read(isIcon ? PART_LIMITS.logo : LIMITS[wanted as Wanted])
    found.set(key, bytes)
    if (wanted !== 'metadata') continue
    if (chart) throw new PackError(file, 'holds two charts')
    const metadata = readMetadata(file, bytes)
    chart = { folder, metadata, icon: iconPath(metadata.icon) }
  }
  if (!chart) throw new PackError(file, 'holds no Chart.yaml')
  const { folder, metadata } = chart
  const part = (name: Wanted | 'icon') => found.get(`${folder}/${name}`) ?? null
  if (metadata.dependencies.length === 0) metadata.dependencies = readRequirements(part('requirements'))
  return {
    metadata,
    values: part('values'),
    readme: part('readme'),
    schema: part('schema'),
    icon: dataIcon(metadata.icon) ?? part('icon'),
  }
}

type Wanted = 'metadata' | 'values' | 'readme' | 'schema' | 'requirements'
const WANTED: [RegExp, Wanted][] = [
  [/^Chart\.yaml$/, 'metadata'],
  [/^values\.yaml$/, 'values'],
  [/^readme\.md$/i, 'readme'],
  [/^values\.schema\.json$/, 'schema'],
  [/^requirements\.yaml$/, 'requirements'],
]
const LIMITS: Record<Wanted, number> = {
  metadata: CHART_LIMITS.chartYamlBytes,
  values: PART_LIMITS.values,
  readme: PART_LIMITS.readme,
  schema: PART_LIMITS.schema,
  requirements: CHART_LIMITS.chartYamlBytes,
}
/** A chart is of use without these. */
const LEFT_OUT = new Set<Wanted>(['readme', 'schema', 'requirements'])

function readMetadata(file: string, bytes: Uint8Array): ChartMetadata {
  let data: unknown
  try {
    data = parseYaml(utf8.decode(bytes))
  } catch (error) {
    throw new PackError(file, `holds a Chart.yaml that is no YAML (${(error as Error).message})`)
  }
  const parsed = ChartMetadata.safeParse(data)
  if (parsed.success) return parsed.data
  throw new PackError(
    file,
    `holds a Chart.yaml without a sound ${String(parsed.error.issues[0]?.path[0] ?? 'map')}`,
  )
}

/** Dependencies of charts of the first format stand in a file of their own. */
function readRequirements(bytes: Uint8Array | null): ChartMetadata['dependencies'] {
  if (!bytes) return []
  try {
    return ChartMetadata.pick({ dependencies: true }).parse(parseYaml(utf8.decode(bytes))).dependencies
  } catch {
    return []
  }
}

/** The icon's path where it is a file of the archive; null where it is elsewhere. */
function iconPath(icon: string | undefined): string | null {
  const path = icon?.replace(/^file:\/\//, '').replace(/^\.\//, '')
  if (!path || /^[a-z][a-z0-9+.-]*:|^\/|[?#]/i.test(path)) return null
  try {
    return checkPath(path)
  } catch {
    return null
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc2397 */
function dataIcon(icon: string | undefined): Uint8Array | null {
  const base64 = /^data:image\/[a-z0-9.+-]+(?:;[a-z0-9=-]+)*;base64,([a-z0-9+/=\s]+)$/i.exec(icon ?? '')?.[1]
  const bytes = base64 ? Buffer.from(base64, 'base64') : null
  return bytes && bytes.length <= PART_LIMITS.logo ? bytes : null
}

interface Entry {
  /** The folder that the archive holds. */
  folder: string
  /** Within the folder. */
  path: string
  size: number
  /** @throws PackError where it has more than `limit` bytes */
  read(limit: number): Promise<Uint8Array>
}

/** The regular files of an archive, bounded in number and in bytes while it is unpacked. */
async function* entriesOf(file: string, tgz: Uint8Array): AsyncIterable<Entry> {
  const tar = extract()
  const unpacked = createGunzip()
  const most = unpackedLimit(tgz.length, CHART_LIMITS.unpackedBytes)
  let size = 0
  let count = 0
  unpacked.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > most) unpacked.destroy(new PackError(file, 'is too large when unpacked'))
  })
  unpacked.on('error', (error) => tar.destroy(error))
  unpacked.pipe(tar as unknown as NodeJS.WritableStream)
  unpacked.end(tgz)
  try {
    for await (const entry of tar) {
      const { name, type, size = 0 } = entry.header
      if (++count > CHART_LIMITS.entries)
        throw new PackError(file, `holds more than ${CHART_LIMITS.entries.toLocaleString('en')} files`)
      let isRead = false
      const at = /^(?:\.\/)?([^/]+)\/(.+)$/.exec(name)
      if (at?.[1] && at[2] && (type === 'file' || type === 'contiguous-file'))
        yield {
          folder: at[1],
          path: at[2],
          size,
          async read(limit) {
            if (size > limit) throw new PackError(file, `holds a ${at[2]} that is too large`)
            isRead = true
            const chunks: Uint8Array[] = []
            for await (const chunk of entry) chunks.push(chunk as Uint8Array)
            return Buffer.concat(chunks)
          },
        }
      if (!isRead) entry.resume()
    }
  } catch (error) {
    throw error instanceof PackError ? error : new PackError(file, 'is no packed chart (.tgz)')
  } finally {
    unpacked.destroy()
    tar.destroy()
  }
}
