import { z } from 'zod'

import { checkCollisions, checkPath, PACK_LIMITS, PackError, type PackFiles } from './archive'
import { readChartName } from './chart'
import { LOGO_SIDE_MAX, logoType, sniffImage } from './logo'
import { PackManifest } from './manifest'
import { PART_FILES, PART_LIMITS } from './media-types'
import { parsePresets } from './presets'
import { isTrack } from './tag'
import { parseValueSchema } from './value-schema'
import { parseYaml, YamlError } from './yaml'

/** Something about a pack that its author has to mend (`error`) or should look at (`warning`). */
export interface Finding {
  level: 'error' | 'warning'
  file: string
  /** A sentence without the file's name. */
  message: string
  /** What to do. */
  fix: string
}

export interface CheckedPack {
  /** null where pack.json is not sound: then there is an error among the findings. */
  manifest: PackManifest | null
  findings: Finding[]
}

/** Where packs can run, as far as we know. Others pass: the list grows with the clouds. */
const CLOUD_TYPES = new Set(
  (
    'all aws azure gcp vsphere openstack baremetal maas aks eks gke tke tencent edge edge-native libvirt coxedge ' +
    'nested custom apache-cloudstack'
  ).split(' '),
)

type Say = (level: Finding['level'], file: string, message: string, fix: string) => void

/**
 * Checks a pack before it is pushed: what would make it useless to everybody is an error, what is likely a slip a
 * warning. Reads the files given and nothing else.
 */
export async function checkPack(files: PackFiles): Promise<CheckedPack> {
  const findings: Finding[] = []
  const say: Say = (level, file, message, fix) => findings.push({ level, file, message, fix })
  checkLimits(files, say)
  const manifest = checkManifest(files, say)
  const values = checkValues(files, say)
  checkPart(files, 'schema', parseValueSchema, "Write it as a map: path, then schema: '{{ … }}'.", say)
  checkPresets(files, say)
  checkLogo(files, say)
  if (manifest) {
    checkFacts(manifest, say)
    checkListed(files, manifest, say)
    await checkCharts(files, manifest, values, say)
  }
  // Errors first, else in the order in which they were found.
  findings.sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'))
  return { manifest, findings }
}

const bytesOf = (count: number) => `${count.toLocaleString('en')} bytes`

function checkLimits(files: PackFiles, say: Say): void {
  let total = 0
  for (const [path, { bytes }] of files) {
    total += bytes.length
    refused(() => checkPath(path), say, 'Rename it.')
    if (bytes.length > PACK_LIMITS.fileBytes)
      say(
        'error',
        path,
        `It has ${bytesOf(bytes.length)}; a file may have ${bytesOf(PACK_LIMITS.fileBytes)}.`,
        SMALLER,
      )
  }
  refused(() => checkCollisions(files.keys()), say, 'Rename one of them.')
  if (files.size > PACK_LIMITS.files)
    say('error', '.', `The pack has ${files.size} files; it may have ${PACK_LIMITS.files}.`, SMALLER)
  if (total > PACK_LIMITS.totalBytes)
    say(
      'error',
      '.',
      `The pack has ${bytesOf(total)}; it may have ${bytesOf(PACK_LIMITS.totalBytes)}.`,
      SMALLER,
    )
  for (const [part, file] of Object.entries(PART_FILES) as [keyof typeof PART_FILES, string][]) {
    const size = files.get(file)?.bytes.length ?? 0
    if (size > PART_LIMITS[part])
      say(
        'error',
        file,
        `It has ${bytesOf(size)}; it may have ${bytesOf(PART_LIMITS[part])}.`,
        'Make it smaller.',
      )
  }
}

const SMALLER = 'Take out what the pack does not need.'

function refused(check: () => unknown, say: Say, fix: string): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof PackError)) throw error
    say('error', error.file, sentence(error.reason), fix)
  }
}

const end = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)

const sentence = (text: string) => end(`${text.charAt(0).toUpperCase()}${text.slice(1)}`)

/** A message of a schema: the field's name stays as it is written. */
const atField = (path: PropertyKey[], message: string) => end(`${path.join('.') || 'its root'}: ${message}`)

const utf8 = new TextDecoder('utf-8', { fatal: true })

function checkManifest(files: PackFiles, say: Say): PackManifest | null {
  const file = PART_FILES.manifest
  const bytes = files.get(file)?.bytes
  if (!bytes) {
    say('error', file, 'It is missing.', 'Add it: name, displayName, version and layer say what the pack is.')
    return null
  }
  let data: unknown
  try {
    data = JSON.parse(utf8.decode(bytes))
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'not UTF-8'
    say('error', file, `It is no JSON: ${why}.`, 'Mend the JSON.')
    return null
  }
  const parsed = PackManifest.safeParse(data)
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues)
      say('error', file, atField(path, message), fixOf(path, data))
    return null
  }
  if (isTrack(parsed.data.version))
    say(
      'error',
      file,
      `version: ${parsed.data.version} is a track, which the registry keeps by itself.`,
      'Give the version in full, such as 1.33.9.',
    )
  return parsed.data
}

/** What to do about a field: a missing one is added, another mended. */
function fixOf(path: PropertyKey[], data: unknown): string {
  let at: unknown = data
  for (const key of path) at = (at as Record<PropertyKey, unknown> | null | undefined)?.[key]
  return at === undefined ? `Add ${path.join('.')}.` : `Change ${path.join('.') || 'the file'}.`
}

/** Facts that are free text in the wild, and that nobody finds a pack by when they are misspelt. */
function checkFacts(manifest: PackManifest, say: Say): void {
  const file = PART_FILES.manifest
  const clouds = manifest.cloudTypes ?? (manifest.cloudType ? [manifest.cloudType] : [])
  const unknown = clouds.filter((one) => !CLOUD_TYPES.has(one))
  if (unknown.length > 0)
    say('warning', file, `cloudTypes: ${unknown.join(', ')} is not known.`, 'Check the spelling.')
  if (manifest.layer === 'addon' && !manifest.addonType?.trim())
    say(
      'warning',
      file,
      'addonType: an add-on has none.',
      'Add one, such as "monitoring": lists filter by it.',
    )
  const eol = manifest.eol?.trim() ?? ''
  if (eol !== '' && !/^\d{4}-\d{2}-\d{2}$/.test(eol))
    say('warning', file, `eol: ${JSON.stringify(eol)} is no date.`, 'Write it as YYYY-MM-DD.')
}

/** `./charts/a.tgz` means `charts/a.tgz`. */
const inPack = (listed: string) => listed.replace(/^(?:\.\/)+/, '')

function checkListed(files: PackFiles, manifest: PackManifest, say: Say): void {
  for (const key of ['charts', 'kubeManifests'] as const)
    for (const listed of manifest[key] ?? []) {
      const path = inPack(listed)
      if (files.has(path)) continue
      const isFolder = [...files.keys()].some((one) => one.startsWith(`${path}/`))
      say(
        'error',
        path,
        `pack.json lists it under ${key}, and ${isFolder ? 'it is a folder, not a file' : 'it is missing'}.`,
        `Add the file, or take it out of ${key} in pack.json.`,
      )
    }
}

function checkValues(files: PackFiles, say: Say): unknown {
  const file = PART_FILES.values
  if (!files.has(file)) {
    say('warning', file, 'It is missing.', 'Add it, empty where the pack has no values.')
    return null
  }
  return checkPart(files, 'values', parseYaml, 'Mend the YAML.', say)
}

/** Reads a part as what it should be. @returns null where it is not there, or not sound */
function checkPart<T>(
  files: PackFiles,
  part: keyof typeof PART_FILES,
  read: (text: string) => T,
  fix: string,
  say: Say,
): T | null {
  const file = PART_FILES[part]
  const bytes = files.get(file)?.bytes
  if (!bytes) return null
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    say('error', file, 'It is not UTF-8.', 'Save it as UTF-8.')
    return null
  }
  try {
    return read(text)
  } catch (error) {
    if (error instanceof YamlError) say('error', file, sentence(`It cannot be read: ${error.message}`), fix)
    else if (error instanceof z.ZodError) {
      const [{ path, message } = { path: [], message: '' }] = error.issues
      say('error', file, atField(path, message), fix)
    } else throw error
    return null
  }
}

function checkPresets(files: PackFiles, say: Say): void {
  const file = PART_FILES.presets
  const presets = checkPart(
    files,
    'presets',
    parsePresets,
    'Write it as presets: a list with name and add.',
    say,
  )
  const seen = new Set<string>()
  for (const { name, add } of presets ?? []) {
    if (seen.has(name)) say('warning', file, `The preset ${name} is there twice.`, 'Rename one of them.')
    seen.add(name)
    try {
      parseYaml(add)
    } catch (error) {
      if (!(error instanceof YamlError)) throw error
      say(
        'error',
        file,
        sentence(`What the preset ${name} adds cannot be read: ${error.message}`),
        'Mend the YAML.',
      )
    }
  }
}

function checkLogo(files: PackFiles, say: Say): void {
  const file = PART_FILES.logo
  const bytes = files.get(file)?.bytes
  if (!bytes) return
  const type = sniffImage(bytes)
  if (type === null) say('warning', file, 'It is no image that browsers know.', 'Save the logo as PNG.')
  else if (type !== 'image/png')
    say(
      'warning',
      file,
      `It is of type ${type}, not the PNG that its name says.`,
      'It is shown all the same. Save it as PNG.',
    )
  if (type !== null && logoType(bytes) === null)
    say(
      'warning',
      file,
      `It does not say how large it is, or is wider or higher than ${LOGO_SIDE_MAX} pixels: it is not shown.`,
      'Save a smaller image as PNG.',
    )
}

/** Chart values have to stand under the name in Chart.yaml; under any other they are ignored without a word. */
async function checkCharts(
  files: PackFiles,
  manifest: PackManifest,
  values: unknown,
  say: Say,
): Promise<void> {
  const listed = (manifest.charts ?? []).map(inPack)
  const names = new Set<string>()
  let allRead = true
  for (const path of listed) {
    const bytes = files.get(path)?.bytes
    try {
      if (bytes) names.add(await readChartName(path, bytes))
      else allRead = false
    } catch (error) {
      if (!(error instanceof PackError)) throw error
      allRead = false
      say('warning', path, sentence(`It ${error.reason}`), 'Pack the chart again: helm package.')
    }
  }
  for (const path of files.keys())
    if (/^charts\/[^/]+\.tgz$/.test(path) && !listed.includes(path))
      say(
        'warning',
        path,
        'pack.json does not list it: nothing installs it.',
        'Add it to charts in pack.json.',
      )
  // A name that could not be read may be any of them.
  if (!allRead) return
  const charts = isMap(values) && isMap(values.charts) ? values.charts : {}
  const astray = Object.keys(charts).filter((one) => !names.has(one))
  if (astray.length > 0)
    say(
      'warning',
      PART_FILES.values,
      `${astray.map((key) => `charts.${key}`).join(', ')}: no chart has this name, so the values reach nothing.`,
      names.size > 0
        ? `Put them under the name in Chart.yaml: ${[...names].map((name) => `charts.${name}`).join(', ')}.`
        : 'Add the chart to charts in pack.json, or take the values out.',
    )
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
