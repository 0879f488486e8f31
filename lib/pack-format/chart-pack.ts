import { isMap } from 'yaml'
import { PackError } from './archive'
import type { Chart, ChartMetadata } from './chart'
import { logoType } from './logo'
import { PART_LIMITS } from './media-types'
import { PACK_NAME, PACK_NAME_MAX } from './pack-name'
import { TAG } from './tag-form'
import { parseYamlDocument } from './yaml'

/** The files of the pack that a chart becomes, by part. There are never presets. */
export interface ChartParts {
  manifest: Uint8Array
  values: Uint8Array
  readme?: Uint8Array
  schema?: Uint8Array
  logo?: Uint8Array
}

/**
 * A chart's name as a pack's: lower case, single separators. Most are that already.
 *
 * @returns null where nothing is left of it
 */
export function packNameOf(chart: string): string | null {
  const name = PACK_NAME.test(chart)
    ? chart
    : chart
        .toLowerCase()
        .replace(/[^a-z0-9._-]+/g, '-')
        .replace(/([._-])[._-]*/g, '$1')
        .replace(/^[._-]+|[._-]+$/g, '')
  return PACK_NAME.test(name) && name.length <= PACK_NAME_MAX ? name : null
}

/**
 * A chart's version as a tag: `1.2.3+build` becomes `1.2.3_build`, as Helm itself writes it in OCI registries.
 *
 * @returns null where it cannot be one
 * @see https://helm.sh/docs/topics/registries/
 */
export function tagOf(version: string): string | null {
  const tag = version.replaceAll('+', '_')
  return TAG.test(tag) ? tag : null
}

/**
 * The pack that stands for a chart: an add-on whose values are the chart's own, under `charts.<name>`. The same chart
 * always gives the same bytes.
 *
 * @param file the archive's name, for the error
 * @throws PackError where its values are none, or its name or version can be no pack's
 */
export function toChartParts(file: string, { metadata, ...files }: Chart): ChartParts {
  const [name, version] = [packNameOf(metadata.name), tagOf(metadata.version)]
  if (!name)
    throw new PackError(file, `its chart has the name ${JSON.stringify(metadata.name.slice(0, 100))}`)
  if (!version)
    throw new PackError(file, `its chart has the version ${JSON.stringify(metadata.version.slice(0, 100))}`)
  const manifest = Buffer.from(`${JSON.stringify(toManifest(name, version, metadata), null, 2)}\n`)
  if (manifest.length > PART_LIMITS.manifest)
    throw new PackError(file, 'holds a Chart.yaml that says too much')
  return {
    manifest,
    values: Buffer.from(toValues(file, metadata.name, files.values ?? new Uint8Array())),
    ...(files.readme?.length && { readme: files.readme }),
    ...(files.schema?.length && { schema: files.schema }),
    ...(files.icon && logoType(files.icon) && { logo: files.icon }),
  }
}

function toManifest(name: string, version: string, chart: ChartMetadata) {
  const annotations: Record<string, string | undefined> = {
    source: 'helm',
    contributor: chart.maintainers.map((one) => one.name).join(', ') || undefined,
    description: chart.description,
    docsURL: chart.home,
    upstreamVersion: chart.appVersion,
    kubeVersion: chart.kubeVersion,
    system_state: chart.deprecated ? 'deprecated' : undefined,
    // Where a pack cannot have the chart's own.
    chartName: name === chart.name ? undefined : chart.name,
    chartVersion: version === chart.version ? undefined : chart.version,
  }
  return {
    name,
    displayName: inWords(chart.name),
    version,
    layer: 'addon',
    addonType: addonTypeOf(chart),
    cloudTypes: ['all'],
    annotations: Object.fromEntries(Object.entries(annotations).filter(([, value]) => value)),
    ...(chart.dependencies.length > 0 && { chartDependencies: chart.dependencies }),
  }
}

const inWords = (name: string) =>
  name
    .split(/[-_.\s]+/)
    .filter(Boolean)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ') || name

/** What charts call themselves, and the type that packs have for it. */
const ADDON_TYPES: Record<string, string[]> = {
  logging: ['logging', 'logs', 'log', 'logmanagement'],
  monitoring: ['monitoring', 'metrics', 'alerting', 'observability', 'tracing', 'monitoringlogging'],
  'load balancer': ['loadbalancer', 'loadbalancing'],
  ingress: ['ingress', 'ingresscontroller', 'gateway', 'gatewayapi'],
  authentication: ['authentication', 'oidc', 'sso', 'singlesignon', 'ldap', 'oauth', 'oauth2', 'identity'],
  servicemesh: ['servicemesh'],
  security: ['security', 'secrets', 'certificates', 'compliance'],
  registry: ['registry', 'containerregistry', 'ociregistry'],
  storage: ['storage', 'csi', 'backup', 'objectstorage'],
  network: ['network', 'networking', 'dns', 'vpn'],
  ai: ['ai', 'machinelearning', 'aimachinelearning', 'llm', 'gpu'],
  'app services': [
    'database',
    'sql',
    'nosql',
    'cache',
    'messaging',
    'streamingmessaging',
    'integrationdelivery',
  ],
}
const ADDON_TYPE = new Map(
  Object.entries(ADDON_TYPES).flatMap(([type, words]) => words.map((word) => [word, type] as const)),
)

/** The category that the chart names (Artifact Hub's annotation, or Bitnami's), else its first keyword that says one. */
function addonTypeOf({ annotations, keywords }: ChartMetadata): string {
  for (const word of [annotations['artifacthub.io/category'], annotations.category, ...keywords]) {
    const type = ADDON_TYPE.get((word ?? '').toLowerCase().replace(/[^a-z0-9]/g, ''))
    if (type) return type
  }
  return ''
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
/** Lines that mean something at the beginning of a line only. */
const MARKER = /^(?:---|\.\.\.)(?=\s|$)|^%/m

/**
 * The chart's values under `charts.<name>`, line by line, so that comments and order stay.
 *
 * @throws PackError where they are no text, or no map
 */
function toValues(file: string, chart: string, bytes: Uint8Array): string {
  let text: string
  try {
    text = utf8.decode(bytes).replace(/\r\n?/g, '\n')
  } catch {
    throw new PackError(file, 'holds a values.yaml that is no UTF-8')
  }
  text = text.replace(/^(?:[ \t]*(?:#[^\n]*)?\n)*---[ \t]*(?:#[^\n]*)?(?:\n|$)/, (head) =>
    head.replace(/(^|\n)---[ \t]*\n?/, '$1'),
  )
  if (MARKER.test(text)) text = plain(file, text)
  const key = PLAIN_KEY.test(chart) ? chart : JSON.stringify(chart)
  // Lines without any character stay so: in a block of text they are its empty lines either way.
  const body = text.replace(/^(?=.)/gm, '    ')
  const first = /^[ \t]*([^\s#].*)$/m.exec(text)?.[1]
  if (first === undefined) return `charts:\n  ${key}: {}\n${body}`
  if (/^(?:-(?:\s|$)|\[)/.test(first) || !/[:{?&!]/.test(first))
    throw new PackError(file, 'holds a values.yaml that is no map')
  return `charts:\n  ${key}:\n${body}`
}

/** Not a word that YAML reads as something else. */
const PLAIN_KEY = /^(?!(?:null|true|false|yes|no|on|off|y|n)$)[a-z][a-z0-9_.-]*$/i

/** Values with a directive or an end mark, or several documents: written anew where they are one map. */
function plain(file: string, text: string): string {
  try {
    const document = parseYamlDocument(text)
    if (!document) return ''
    if (!isMap(document.contents)) throw new Error('it is no map')
    document.directives = undefined
    return document.toString({ directives: false, lineWidth: 0 })
  } catch (error) {
    throw new PackError(file, `holds a values.yaml that cannot be read (${(error as Error).message})`)
  }
}
