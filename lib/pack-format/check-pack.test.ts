import { gzipSync } from 'node:zlib'

import { expect, test } from 'vitest'

import { PACK_LIMITS, type PackFiles, writeTar } from './archive'
import { checkPack } from './check-pack'
import { PART_LIMITS } from './media-types'

const PNG = Buffer.from('89504e470d0a1a0a', 'hex')
const JPEG = Buffer.from('ffd8ffc0001108010001000301', 'hex')
const sound = { name: 'nginx', displayName: 'Nginx', version: '1.2.3', layer: 'addon', addonType: 'ingress' }

const chart = async (name: string) => {
  const files: PackFiles = new Map([
    [`${name}/Chart.yaml`, { bytes: Buffer.from(`name: ${name}\n`), executable: false }],
  ])
  return gzipSync(await writeTar(files))
}

/** A sound pack, but for what is given. `undefined` leaves a file out. */
const check = (manifest: object | string, files: Record<string, string | Uint8Array | undefined> = {}) => {
  const all: Record<string, string | Uint8Array | undefined> = {
    'pack.json': typeof manifest === 'string' ? manifest : JSON.stringify({ ...sound, ...manifest }),
    'values.yaml': '',
    'logo.png': PNG,
    ...files,
  }
  const pack: PackFiles = new Map()
  for (const [path, content] of Object.entries(all))
    if (content !== undefined) pack.set(path, { bytes: Buffer.from(content), executable: false })
  return checkPack(pack)
}
const found = async (...args: Parameters<typeof check>) =>
  (await check(...args)).findings.map(({ level, file, message }) => `${level} ${file}: ${message}`)

test('a sound pack has no finding', async () => {
  expect(await check({})).toMatchObject({ findings: [], manifest: { name: 'nginx', version: '1.2.3' } })
})

test('a pack.json that is missing, no JSON or not as its schema says is refused, field by field', async () => {
  expect(await found({}, { 'pack.json': undefined })).toEqual(['error pack.json: It is missing.'])
  expect(await found('{')).toEqual([expect.stringMatching(/^error pack\.json: It is no JSON: /)])
  const wrong = await check({ name: 'Nginx', layer: 'app', displayName: undefined })
  expect(wrong.manifest).toBeNull()
  expect(wrong.findings.map((one) => one.message.split(':')[0])).toEqual(['name', 'displayName', 'layer'])
  expect(wrong.findings.map((one) => one.fix)).toEqual(['Change name.', 'Add displayName.', 'Change layer.'])
})

test('a version that is no tag, or a track, is refused; a leading v passes', async () => {
  for (const version of ['1.2.3+build', '', 'a b', '-1', 'x'.repeat(129)])
    expect(await found({ version })).toEqual([expect.stringMatching(/^error pack\.json: version: /)])
  expect(await found({ version: '1.2.x' })).toEqual([expect.stringContaining('is a track')])
  for (const version of ['v1.8.7', '1.5', '25.06.0', '2.0.2-up.4'])
    expect(await found({ version })).toEqual([])
})

test('a listed file that is missing is refused, with the file', async () => {
  expect(await found({ charts: ['charts/a.tgz'], kubeManifests: ['manifests/b.yaml'] })).toEqual([
    'error charts/a.tgz: pack.json lists it under charts, and it is missing.',
    'error manifests/b.yaml: pack.json lists it under kubeManifests, and it is missing.',
  ])
  expect(await found({ charts: ['charts/a.tgz'] }, { 'charts/a.tgz/Chart.yaml': 'name: a' })).toEqual([
    'error charts/a.tgz: pack.json lists it under charts, and it is a folder, not a file.',
  ])
  expect(await found({ kubeManifests: ['./manifests/b.yaml'] }, { 'manifests/b.yaml': '' })).toEqual([])
})

test('values, schema and presets that cannot be read are refused, with the line', async () => {
  expect(await found({}, { 'values.yaml': 'a: 1\na: 2\n' })).toEqual([
    expect.stringMatching(/^error values\.yaml: It cannot be read: line 2: /),
  ])
  expect(await found({}, { 'values.yaml': Buffer.from([0xff, 0xfe]) })).toEqual([
    'error values.yaml: It is not UTF-8.',
  ])
  expect(await found({}, { 'schema.yaml': '- a\n' })).toEqual([
    expect.stringMatching(/^error schema\.yaml: /),
  ])
  expect(await found({}, { 'presets.yaml': 'presets: [{ add: "a: 1" }]' })).toEqual([
    expect.stringMatching(/^error presets\.yaml: presets\.0\.name: /),
  ])
  expect(await found({}, { 'presets.yaml': 'presets: [{ name: p, add: "a: [" }]' })).toEqual([
    expect.stringMatching(/^error presets\.yaml: What the preset p adds cannot be read/),
  ])
  expect(await found({}, { 'schema.yaml': '', 'presets.yaml': '' })).toEqual([])
})

test('a part that no console reads, and a file beyond the limit, are refused', async () => {
  expect(await found({}, { 'README.md': Buffer.alloc(PART_LIMITS.readme + 1) })).toEqual([
    'error README.md: It has 5,242,881 bytes; it may have 5,242,880 bytes.',
  ])
  expect(await found({}, { big: new Uint8Array(PACK_LIMITS.fileBytes + 1) })).toEqual([
    expect.stringMatching(/^error big: /),
  ])
})

test('paths that cannot be written everywhere are refused', async () => {
  expect(await found({}, { 'a/../../b': '' })).toEqual([expect.stringContaining('leads out of the pack')])
  expect(await found({}, { 'docs/A.md': '', 'docs/a.md': '' })).toEqual([
    expect.stringContaining('Differs from docs/A.md in upper and lower case only'),
  ])
})

test('chart values under the name of no chart are a warning, and the right name is said', async () => {
  const files = { 'charts/file-name-1.0.tgz': await chart('nginx') }
  const manifest = { charts: ['charts/file-name-1.0.tgz'] }
  expect(await found(manifest, { ...files, 'values.yaml': 'charts:\n  nginx: {}\n' })).toEqual([])
  const { findings } = await check(manifest, { ...files, 'values.yaml': 'charts:\n  file-name: {}\n' })
  expect(findings).toEqual([
    {
      level: 'warning',
      file: 'values.yaml',
      message: 'charts.file-name: no chart has this name, so the values reach nothing.',
      fix: 'Put them under the name in Chart.yaml: charts.nginx.',
    },
  ])
})

test('a chart that cannot be read is a warning, and makes no claim about the values', async () => {
  const files = { 'charts/a.tgz': 'no archive', 'values.yaml': 'charts:\n  a: {}\n' }
  expect(await found({ charts: ['charts/a.tgz'] }, files)).toEqual([
    'warning charts/a.tgz: It is no packed chart (.tgz).',
  ])
})

test('a chart archive that pack.json does not list is a warning', async () => {
  expect(await found({}, { 'charts/a.tgz': await chart('a') })).toEqual([
    'warning charts/a.tgz: pack.json does not list it: nothing installs it.',
  ])
})

test('a logo of another type than its name says is a warning', async () => {
  expect(await found({}, { 'logo.png': JPEG })).toEqual([
    'warning logo.png: It is of type image/jpeg, not the PNG that its name says.',
  ])
  expect(await found({}, { 'logo.png': 'text' })).toEqual([
    'warning logo.png: It is no image that browsers know.',
  ])
  expect(await found({}, { 'logo.png': undefined })).toEqual([])
})

test('facts that are likely slips are warnings', async () => {
  expect(await found({ cloudTypes: ['aws', 'asw'], eol: '1.1.2027', addonType: ' ' })).toEqual([
    'warning pack.json: cloudTypes: asw is not known.',
    'warning pack.json: addonType: an add-on has none.',
    'warning pack.json: eol: "1.1.2027" is no date.',
  ])
  expect(await found({ eol: ' ', group: '' })).toEqual([])
})

test('errors come before warnings', async () => {
  const findings = await found({ charts: ['charts/a.tgz'], cloudTypes: ['asw'] })
  expect(findings.map((one) => one.split(' ')[0])).toEqual(['error', 'warning'])
})
