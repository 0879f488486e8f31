import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

import { readTar } from '../../lib/pack-format/archive'
import { PackManifest } from '../../lib/pack-format/manifest'
import { parsePresets } from '../../lib/pack-format/presets'
import { compareVersions, tracksOf } from '../../lib/pack-format/tag'
import { parseValueSchema, type ValueRule } from '../../lib/pack-format/value-schema'
import { parseYaml } from '../../lib/pack-format/yaml'

type Data = Record<string, unknown>

const text = (folder: string, file: string) => readFileSync(join('packs', folder, file), 'utf8')
const optional = (folder: string, file: string) =>
  existsSync(join('packs', folder, file)) ? text(folder, file) : ''

const packs = readdirSync('packs')
  .filter((folder) => existsSync(join('packs', folder, 'pack.json')))
  .map((folder) => ({
    folder,
    manifest: PackManifest.parse(JSON.parse(text(folder, 'pack.json'))),
    values: parseYaml(text(folder, 'values.yaml')) as Data,
    presets: parsePresets(optional(folder, 'presets.yaml')),
    schema: parseValueSchema(optional(folder, 'schema.yaml')),
    readme: text(folder, 'README.md'),
  }))
type Pack = (typeof packs)[number]

const namesIn = (layer: string) => [
  ...new Set(packs.filter((one) => one.manifest.layer === layer).map((one) => one.manifest.name)),
]
const versionsOf = (name: string) =>
  packs
    .filter((one) => one.manifest.name === name)
    .sort((a, b) => compareVersions(b.manifest.version, a.manifest.version))

function newest(name: string): Pack {
  const [first] = versionsOf(name)
  if (!first) throw new Error(`There is no sample pack ${name}`)
  return first
}

const isMap = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands at a dotted path; `$[]` stands for every item of a list. */
function valuesAt(data: unknown, [head, ...rest]: string[]): unknown[] {
  if (head === undefined) return [data]
  if (head === '$[]') return Array.isArray(data) ? data.flatMap((item) => valuesAt(item, rest)) : []
  return isMap(data) && Object.hasOwn(data, head) ? valuesAt(data[head], rest) : []
}

/** The pack's values as they are, and each thing that a preset can add to them. */
const worldsOf = ({ values, presets }: Pack): unknown[] => [
  values,
  ...presets.map((preset) => parseYaml(preset.add)),
]
const found = (pack: Pack, path: string) =>
  worldsOf(pack).flatMap((world) => valuesAt(world, path.split('.')))

test('there are 2 os, 2 k8s of 3 versions each, 2 cni, 2 csi and 6 add-ons', () => {
  expect(namesIn('os')).toHaveLength(2)
  expect(namesIn('k8s').map((name) => versionsOf(name).length)).toEqual([3, 3])
  expect(namesIn('cni')).toHaveLength(2)
  expect(namesIn('csi')).toHaveLength(2)
  expect(namesIn('addon')).toHaveLength(6)
})

test('each Kubernetes has two minor tracks, one of them with two versions', () => {
  for (const name of namesIn('k8s')) {
    const tracks = versionsOf(name).flatMap((one) => tracksOf(one.manifest.version))
    const sizes = [...new Set(tracks)].map((track) => tracks.filter((one) => one === track).length)
    expect(sizes.sort(), name).toEqual([1, 2, 3])
  }
})

test('two add-ons have more than one version, and all six are of another type', () => {
  const addons = namesIn('addon')
  expect(addons.filter((name) => versionsOf(name).length > 1)).toHaveLength(2)
  expect(new Set(addons.map((name) => newest(name).manifest.addonType)).size).toBe(6)
  for (const { folder, manifest } of packs)
    expect(manifest.addonType !== undefined, folder).toBe(manifest.layer === 'addon')
})

test('one pack is deprecated, and one has no logo', () => {
  const deprecated = packs.filter((one) => one.manifest.annotations?.system_state === 'deprecated')
  expect(deprecated.map((one) => one.manifest.name)).toEqual(['kubernetes-dashboard'])
  const plain = packs.filter((one) => !existsSync(join('packs', one.folder, 'logo.png')))
  expect(plain.map((one) => one.manifest.name)).toEqual(['csi-local-path'])
})

test('a pack stands in the folder of its name and version', () => {
  for (const { folder, manifest } of packs) expect(folder).toBe(`${manifest.name}-${manifest.version}`)
})

test('all versions of a pack share name to show, layer and type', () => {
  for (const { folder, manifest } of packs)
    for (const other of versionsOf(manifest.name))
      expect([other.manifest.displayName, other.manifest.layer, other.manifest.addonType], folder).toEqual([
        manifest.displayName,
        manifest.layer,
        manifest.addonType,
      ])
})

test('each pack says what it is, whose it is and where its documentation stands', () => {
  for (const { folder, manifest } of packs) {
    expect(manifest.annotations, folder).toMatchObject({
      source: 'packyard',
      contributor: 'Packyard',
      description: expect.stringMatching(/^[A-Z0-9].{20,120}[^.]$/),
      docsURL: expect.stringMatching(/^https:\/\//),
    })
    if (manifest.layer !== 'os')
      expect(manifest.annotations?.upstreamVersion, folder).toMatch(
        new RegExp(`^v${manifest.version.replaceAll('.', '\\.')}(\\+k3s1)?$`),
      )
    expect(manifest.cloudTypes?.length, folder).toBeGreaterThan(0)
    expect(manifest.eol ?? '2026-01-01', folder).toMatch(/^\d{4}-\d\d-\d\d$/)
  }
})

test('each README has a title and says what the pack needs, how to set it and how to upgrade', () => {
  for (const { folder, readme } of packs) {
    expect(readme, folder).toMatch(/^# \S/)
    for (const section of ['Prerequisites', 'Parameters', 'Usage', 'Upgrade notes'])
      expect(readme, folder).toContain(`\n## ${section}\n`)
  }
})

test('each parameter that a README names is in the values or in a preset', () => {
  for (const pack of packs)
    for (const [, path = ''] of pack.readme.matchAll(/^\| `([^`]+)` \|/gm))
      expect(found(pack, path), `${pack.folder}: ${path}`).not.toEqual([])
})

test('each preset that a README names in italics is there', () => {
  for (const { folder, presets, readme } of packs) {
    const section = /\n### Presets\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? ''
    if (!section.includes('*')) continue
    for (const { displayName, group } of presets) {
      expect(section, folder).toContain(`**${group}**`)
      expect(section, folder).toContain(`*${displayName}*`)
    }
  }
})

test('each file that a pack lists exists, and each chart and manifest that exists is listed', () => {
  for (const { folder, manifest } of packs) {
    const listed = [...(manifest.charts ?? []), ...(manifest.kubeManifests ?? [])]
    const there = ['charts', 'manifests'].flatMap((part) =>
      existsSync(join('packs', folder, part))
        ? readdirSync(join('packs', folder, part)).map((file) => `${part}/${file}`)
        : [],
    )
    expect(listed.toSorted(), folder).toEqual(there.toSorted())
  }
})

test('values stand under the names of the charts and manifests, and nowhere else', () => {
  for (const { folder, manifest, values } of packs) {
    const charts = (manifest.charts ?? []).map((file) => basename(file, `-${manifest.version}.tgz`))
    const manifests = (manifest.kubeManifests ?? []).map((file) => basename(file, '.yaml'))
    expect(Object.keys((values.charts as Data) ?? {}), folder).toEqual(charts)
    expect(Object.keys((values.manifests as Data) ?? {}).toSorted(), folder).toEqual(manifests.toSorted())
  }
})

/** Paths that the chart's own values do not have. An empty map or list there is open for anything. */
function strange(values: unknown, own: unknown, path: string): string[] {
  if (!isMap(values) || !isMap(own) || Object.keys(own).length === 0) return []
  return Object.entries(values).flatMap(([key, value]) =>
    Object.hasOwn(own, key) ? strange(value, own[key], `${path}.${key}`) : [`${path}.${key}`],
  )
}

test('a chart knows every value that its pack or a preset of it sets', async () => {
  let charts = 0
  for (const pack of packs)
    for (const listed of pack.manifest.charts ?? []) {
      charts++
      const chart = basename(listed, `-${pack.manifest.version}.tgz`)
      const archive = gunzipSync(readFileSync(join('packs', pack.folder, listed)))
      const files = await readTar(Readable.from([archive]))
      const read = (file: string) =>
        parseYaml(Buffer.from(files.get(`${chart}/${file}`)?.bytes ?? []).toString()) as Data
      const { version } = pack.manifest
      expect(read('Chart.yaml'), listed).toMatchObject({ name: chart, version, appVersion: version })
      for (const world of worldsOf(pack))
        expect(strange(valuesAt(world, ['charts', chart])[0], read('values.yaml'), chart)).toEqual([])
    }
  expect(charts).toBe(8)
})

test('a manifest uses no value that its pack does not set', () => {
  for (const pack of packs)
    for (const listed of pack.manifest.kubeManifests ?? [])
      for (const [, path = ''] of text(pack.folder, listed).matchAll(/\.Values\.([A-Za-z.]+)/g))
        expect(
          valuesAt(pack.values, ['manifests', basename(listed, '.yaml'), ...path.split('.')]),
          `${pack.folder}/${listed}: ${path}`,
        ).not.toEqual([])
})

/** `registry/path:tag`, with a registry that has a dot. */
const IMAGE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[a-z0-9._-]+)+:[A-Za-z0-9_][A-Za-z0-9._-]*$/

function stringsIn(data: unknown): string[] {
  if (typeof data === 'string') return [data]
  return typeof data === 'object' && data !== null ? Object.values(data).flatMap(stringsIn) : []
}

test('the images of a pack are listed with registry and tag, and none of its values names another', () => {
  for (const { folder, manifest, values } of packs) {
    const images = valuesAt(values, ['pack', 'content', 'images', '$[]', 'image']).map(String)
    expect(images.length > 0, folder).toBe(manifest.layer !== 'os')
    for (const image of images) expect(image, folder).toMatch(IMAGE)
    expect(new Set(images).size, folder).toBe(images.length)
    const used = stringsIn([values.charts, values.manifests]).filter((one) => IMAGE.test(one))
    for (const image of used) expect(images, folder).toContain(image)
    // What a chart or a manifest runs is the version that the pack says.
    if (manifest.layer === 'cni' || manifest.layer === 'csi' || manifest.layer === 'addon')
      expect(
        images.some((one) => one.endsWith(`:${manifest.version}`) || one.endsWith(`:v${manifest.version}`)),
        folder,
      ).toBe(true)
  }
})

test('packs of the layers above Kubernetes say where and in which order they are installed', () => {
  for (const { folder, manifest, values } of packs) {
    if (manifest.layer === 'os' || manifest.layer === 'k8s') continue
    expect(valuesAt(values, ['pack', 'namespace']), folder).toEqual([
      expect.stringMatching(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
    ])
    expect(valuesAt(values, ['pack', 'spectrocloud.com/install-priority']), folder).toEqual([
      expect.stringMatching(/^\d+$/),
    ])
  }
})

test('a preset removes nothing that neither the values nor another preset have', () => {
  for (const pack of packs)
    for (const { name, remove } of pack.presets)
      for (const path of remove) expect(found(pack, path), `${pack.folder}: ${name}: ${path}`).not.toEqual([])
})

test('presets come in groups of at least two, and the enabled ones are there', () => {
  for (const { folder, presets } of packs) {
    const groups = new Set(presets.map((one) => one.group))
    for (const group of groups)
      expect(presets.filter((one) => one.group === group).length, folder).toBeGreaterThan(1)
    expect(new Set(presets.map((one) => one.name)).size, folder).toBe(presets.length)
    const [, enabled = ''] =
      /^# spectrocloud\.com\/enabled-presets: (.*)\n/.exec(text(folder, 'values.yaml')) ?? []
    const known = presets.map((one) => `${one.group}:${one.name}`)
    for (const one of enabled.split(',').filter(Boolean)) expect(known, folder).toContain(one)
  }
})

test('what an enabled preset adds is in the values already', () => {
  for (const { folder, presets, values } of packs)
    for (const { group, name, add } of presets) {
      const [, enabled = ''] = /enabled-presets: (.*)\n/.exec(text(folder, 'values.yaml')) ?? []
      if (!enabled.split(',').includes(`${group}:${name}`) || add === '') continue
      expect(values, `${folder}: ${name}`).toMatchObject(parseYaml(add) as Data)
    }
})

/** A rule's format as a pattern, with ranges of numbers beside it. */
function fits({ format, regex, type, listOptions }: ValueRule, value: unknown): boolean {
  if (type === 'boolean') return typeof value === 'boolean'
  if (type === 'list') return listOptions.includes(String(value))
  if (format === '' || type === 'password') return true
  if (regex !== '') return new RegExp(regex).test(String(value))
  const ranges: [number, number][] = []
  const pattern = format.replaceAll(/\$\{(\w+)(?::\[(\d+)-(\d+)\])?\}/g, (_, kind, from, to) => {
    if (kind === 'number') ranges.push([Number(from), Number(to)])
    return { number: '(\\d+)', ipv4: '\\d{1,3}(?:\\.\\d{1,3}){3}', string: '.*' }[kind as string] ?? '(?!)'
  })
  const numbers = new RegExp(`^${pattern}$`).exec(String(value))?.slice(1).map(Number)
  return numbers?.every((n, i) => n >= (ranges[i]?.[0] ?? n) && n <= (ranges[i]?.[1] ?? n)) ?? false
}

test('each rule of a schema speaks of a value that is there, and every value there fits it', () => {
  for (const pack of packs)
    for (const rule of pack.schema) {
      const here = found(pack, rule.name)
      // A rule for the items of a list that nobody has filled yet speaks of that list.
      const [list = ''] = rule.name.split('.$[]')
      const mayBeNone = rule.name !== list && found(pack, `${list}.$[]`).length === 0
      expect(mayBeNone ? found(pack, list) : here, `${pack.folder}: ${rule.name}`).not.toEqual([])
      for (const value of here.filter((one) => one !== ''))
        expect(fits(rule, value), `${pack.folder}: ${rule.name}: ${value}`).toBe(true)
      if (rule.required)
        for (const value of valuesAt(pack.values, rule.name.split('.'))) expect(value).not.toBe('')
    }
})

test('the schemas between them use every kind of rule', () => {
  const rules = packs.flatMap((one) => one.schema)
  for (const type of ['string', 'number', 'boolean', 'list', 'password', 'ipv4'])
    expect(rules.map((one) => one.type)).toContain(type)
  expect(rules.some((one) => one.required)).toBe(true)
  expect(rules.some((one) => one.readonly)).toBe(true)
  expect(rules.some((one) => one.hints.length > 1)).toBe(true)
  expect(rules.some((one) => one.regex !== '')).toBe(true)
  expect(rules.some((one) => one.name.includes('$[]'))).toBe(true)
})

test('constraints speak of packs and values that are there', () => {
  const types = new Set<string>()
  for (const { folder, manifest, values } of packs) {
    for (const { packName, layer, minVersion, type } of manifest.constraints?.dependencies ?? []) {
      types.add(type)
      expect(newest(packName).manifest.layer, folder).toBe(layer)
      // Without bounds a constraint is not looked at.
      expect(minVersion, folder).toBeTruthy()
    }
    for (const { components = [] } of manifest.constraints?.resources ?? [])
      for (const { resourceRequestParamRef, replicaCountParamRef } of components)
        for (const path of [resourceRequestParamRef, replicaCountParamRef].filter((one) => one !== undefined))
          expect(valuesAt(values, path.split('.')), `${folder}: ${path}`).toHaveLength(1)
  }
  expect(types).toEqual(new Set(['required', 'optional', 'notSupported', 'upgrade']))
})

/** The constraints that a stack of packs violates, as `pack type other`. */
function violations(stack: Pack[]): string[] {
  const chosen = new Map(stack.map((one) => [one.manifest.name, one.manifest.version]))
  return stack.flatMap(({ manifest }) =>
    (manifest.constraints?.dependencies ?? [])
      .filter(({ packName, minVersion, maxVersion, type }) => {
        const version = chosen.get(packName)
        if (type === 'upgrade') return false
        if (version === undefined) return type === 'required'
        const inside =
          (!minVersion || compareVersions(version, minVersion) >= 0) &&
          (!maxVersion || compareVersions(version, maxVersion) <= 0)
        return type === 'notSupported' ? inside : !inside
      })
      .map(({ packName, type }) => `${manifest.name} ${type} ${packName}`),
  )
}

const ADDONS = ['kube-vip', 'traefik', 'dex', 'prometheus', 'fluent-bit', 'kubernetes-dashboard']

test('a full profile on any Kubernetes of the set violates no constraint', () => {
  const above = ['cni-cilium', 'csi-nfs', ...ADDONS].map(newest)
  for (const os of namesIn('os').map(newest))
    for (const kubernetes of namesIn('k8s').flatMap(versionsOf))
      expect(violations([os, kubernetes, ...above]), kubernetes.folder).toEqual([])
  for (const kubernetes of versionsOf('kubernetes'))
    expect(violations([kubernetes, ...['cni-calico', 'csi-local-path', ...ADDONS].map(newest)])).toEqual([])
})

test('Calico refuses K3s, and the two networks refuse each other', () => {
  expect(violations(['kubernetes-k3s', 'cni-calico'].map(newest))).toEqual(['cni-calico required kubernetes'])
  expect(violations(['kubernetes', 'cni-calico', 'cni-cilium'].map(newest)).toSorted()).toEqual([
    'cni-calico notSupported cni-cilium',
    'cni-cilium notSupported cni-calico',
  ])
})
