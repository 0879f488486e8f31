import { parseYaml } from './yaml'

export interface FoundImage {
  image: string
  /** The file that names it, or `pack.content` of the values, where the pack itself says what it needs. */
  from: string
}

const MAX_IMAGES = 500
const MAX_LENGTH = 512

/** @see https://github.com/distribution/reference/blob/main/reference.go */
const REFERENCE =
  /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/

const isReference = (text: string) => text.length <= MAX_LENGTH && REFERENCE.test(text)

/**
 * The container images that a pack needs: what its values list under `pack.content.images`, what the values of it and
 * of its charts name, and what manifests and templates name plainly. A template that puts an image together is not run.
 *
 * Helm's own habits are followed: `registry`, `repository`, `tag` and `digest` of one map are one image, and where no tag
 * stands the chart's appVersion is meant. That one is a guess, so that what the pack lists itself wins over it.
 *
 * @param values of the pack
 * @param texts by path, as `readPackFiles` keeps them
 */
export function findImages(values: string, texts: ReadonlyMap<string, string>): FoundImage[] {
  const found = new Map<string, string>()
  const add = (image: string, from: string) => {
    if (isReference(image) && !found.has(image) && found.size < MAX_IMAGES) found.set(image, from)
  }
  const own = lenient(values)
  for (const one of listOf(at(own, ['pack', 'content', 'images'])))
    add(typeof one === 'string' ? one.trim() : String(at(one, ['image']) ?? '').trim(), 'pack.content')
  const listed = new Set([...found.keys()].map(repositoryOf))
  const charts = chartsAmong(texts)
  for (const { folder, name, appVersion } of charts) {
    const given = lenient(texts.get(`${folder}values.yaml`) ?? '')
    // A chart in a chart is given its values under its name in those of the outer one.
    const outer = charts.filter((one) => one.folder !== folder && folder.startsWith(one.folder))
    const changed = at(own, ['charts', ...outer.map((one) => one.name), name])
    const from = `${folder}values.yaml`
    walk(merge(given, changed), appVersion, (image, isGuess) => {
      if (!isGuess || !listed.has(repositoryOf(image))) add(image, from)
    })
  }
  if (charts.length === 0) walk(at(own, ['charts']), '', (image) => add(image, 'values.yaml'))
  walk(at(own, ['manifests']), '', (image) => add(image, 'values.yaml'))
  for (const [path, text] of texts) {
    if (!/\.(?:ya?ml|tpl|json)$/i.test(path) || /(?:^|\/)(?:tests?|ci|examples?)\//.test(path)) continue
    if (/(?:^|\/)(?:values|Chart|schema|presets)[^/]*\.(?:ya?ml|json)$/.test(path)) continue
    for (const [, image = ''] of text.matchAll(PLAIN)) add(image, path)
  }
  return [...found].map(([image, from]) => ({ image, from }))
}

/** `image: quay.io/a/b:1`, quoted or not, in a list or not, in YAML or JSON. */
const PLAIN =
  /^[ \t]*(?:-[ \t]+)?"?image"?[ \t]*:[ \t]*["']?([^\s"'{},#]{1,512})["']?[ \t]*(?:,[ \t]*)?(?:#.*)?$/gm

interface ChartFolder {
  /** With its `/`; empty at the top. */
  folder: string
  name: string
  appVersion: string
}

/** The charts whose Chart.yaml is there, outer ones first. */
function chartsAmong(texts: ReadonlyMap<string, string>): ChartFolder[] {
  const charts = [...texts].flatMap(([path, text]): ChartFolder[] => {
    if (!/(?:^|\/)Chart\.yaml$/.test(path)) return []
    const chart = lenient(text)
    const folder = path.slice(0, -'Chart.yaml'.length)
    return [{ folder, name: word(at(chart, ['name'])), appVersion: word(at(chart, ['appVersion'])) }]
  })
  return charts.sort((a, b) => a.folder.length - b.folder.length)
}

function lenient(text: string): unknown {
  try {
    return parseYaml(text)
  } catch {
    return null // templates, and files with a slip in them
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const word = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''

function at(value: unknown, path: readonly string[]): unknown {
  let one = value
  for (const key of path) one = isMap(one) && Object.hasOwn(one, key) ? one[key] : undefined
  return one
}

/** Values of a chart as a pack changes them. */
function merge(given: unknown, changed: unknown): unknown {
  if (!isMap(given) || !isMap(changed)) return changed === undefined || changed === null ? given : changed
  const all = new Map(Object.entries(given))
  for (const [key, value] of Object.entries(changed)) all.set(key, merge(all.get(key), value))
  return Object.fromEntries(all)
}

/** An image without tag and digest. */
const repositoryOf = (image: string) => image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')

/** What is looked at in one values file: aliases may mean a part many times. */
const MAX_VALUES = 200_000

/** Every image that values name, in their order. */
function walk(values: unknown, appVersion: string, add: (image: string, isGuess: boolean) => void): void {
  let left = MAX_VALUES
  const look = (value: unknown, key: string): void => {
    if (--left < 0) return
    if (Array.isArray(value)) for (const one of value) look(one, key)
    if (!isMap(value)) return
    const plain = toImage(value, key, '')
    const image = toImage(value, key, appVersion)
    if (image) add(image, image !== plain)
    for (const [name, one] of Object.entries(value))
      if (typeof one !== 'string') look(one, name)
      else if (/image$/i.test(name) && /[/:]/.test(one)) add(one.trim(), false)
  }
  look(values, '')
}

/** What the parts of a map mean together; empty where they are no image. */
function toImage(map: Record<string, unknown>, key: string, appVersion: string): string {
  const [registry, repository, tag, digest] = ['registry', 'repository', 'tag', 'digest'].map((name) =>
    word(map[name]),
  )
  const name = repository || (/image$/i.test(key) ? word(map.image) || word(map.name) : '')
  const isMeant = /image/i.test(key) || Object.hasOwn(map, 'tag') || Object.hasOwn(map, 'pullPolicy')
  if (!name || !isMeant || name.includes('://')) return ''
  const path = registry ? `${registry.replace(/\/$/, '')}/${name}` : name
  const version = tag || (/[^/]*:[^/]+$/.test(name) || digest ? '' : appVersion)
  return `${path}${version ? `:${version}` : ''}${/^sha256:[0-9a-f]{64}$/.test(digest ?? '') ? `@${digest}` : ''}`
}
