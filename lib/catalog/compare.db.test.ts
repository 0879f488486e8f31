import { afterAll, beforeAll, expect, test } from 'vitest'

import { addSynced, syncAgain } from '../../tests/support/catalog'
import { packChart } from '../../tests/support/chart-repository'
import { packFiles, push, pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant } from '../../tests/support/tenant'
import type { Actor } from '../access/actor'
import { closeDatabase } from '../db/in-tenant'
import { toOciPack } from '../pack-format/oci'
import { compareFile, comparePacks } from './compare'
import { summarize } from './comparison-summary'
import { listVersions } from './detail'

let first: TestRegistry
let second: TestRegistry
let admin: Actor
let ids: [string, string]

const VALUES = `# one
pack:
  content:
    images:
      - image: quay.io/dash/dash:1.0
      - image: quay.io/dash/agent:1.0
replicas: 1
resources: {}
old: true
`
const NEWER = `# two
pack:
  content:
    images:
      - image: quay.io/dash/dash:1.1
      - image: quay.io/dash/agent:1.1
replicas: 2
resources:
  limits: {cpu: 1, memory: 2Gi, storage: 3Gi}
`
const needing = (minVersion: string) => ({
  constraints: { dependencies: [{ packName: 'kubernetes', layer: 'k8s', minVersion, type: 'required' }] },
})

beforeAll(async () => {
  ;[first, second] = [await startTestRegistry(), await startTestRegistry()]
  const dash = (version: string, values: string, rest = {}) => ({ name: 'dash', version, values, rest })
  await pushPack(first, dash('1.0.0', VALUES, needing('1.33')))
  await pushPack(first, dash('1.1.0', NEWER, { ...needing('1.34'), eol: '2030-01-01' }))
  await pushPack(first, dash('1.2.0', 'a: [1\n', needing('1.34')))
  await pushPack(first, dash('1.3.0', `${VALUES}# and no more\n`))
  await pushPack(second, dash('1.0.0', VALUES, needing('1.33')))
  await pushPack(second, dash('1.1.0', VALUES, needing('1.34')))
  ;({ admin } = await newTenant())
  ids = [await addSynced(admin, first.url), await addSynced(admin, second.url)]
})
afterAll(async () => {
  await Promise.all([first.close(), second.close()])
  await closeDatabase()
})

async function uidOf(version: string, registryId = ids[0], name = 'dash'): Promise<string> {
  const { details } = await listVersions(admin, { name, version, registryId }, { skip: 0, take: 1 })
  return details[0]?.version.id ?? ''
}

const compare = async (left: string, right: string) =>
  comparePacks(admin, await uidOf(left), await uidOf(right))

test('an upgrade is told in sentences: values, what it requires, images, end of life', async () => {
  expect(summarize(await compare('1.0.0', '1.1.0'))).toEqual([
    '3 values added, 1 default changed, 1 value removed.',
    'Requires kubernetes 1.34 or newer now; before: 1.33 or newer.',
    '2 images changed.',
    'End of life: 2030-01-01; before: not said.',
  ])
})

test('files are compared by what they hold, and changed lines are counted', async () => {
  const { files } = await compare('1.0.0', '1.1.0')
  expect(files).toMatchObject([
    { path: 'values.yaml', change: 'changed', lines: { added: 6, removed: 6 } },
    { path: 'pack.json', change: 'changed' },
    { path: 'README.md', change: 'same', lines: null },
  ])
})

test('manifests and charts are compared too where that is asked for, and the images that they name', async () => {
  const withFiles = async (version: string, tag: string) => {
    const chart = await packChart(
      { name: 'web', version },
      { 'templates/web.yaml': `image: nginx:${tag}\n`, 'templates/same.yaml': 'kind: Service\n' },
    )
    const files = packFiles({ name: 'web', version })
    files.set(`charts/web-${version}.tgz`, { bytes: chart.tgz, executable: false })
    files.set('manifests/a.yaml', { bytes: Buffer.from('kind: Namespace\n'), executable: false })
    if (version === '2.0.0')
      files.set('manifests/b.bin', { bytes: Buffer.from([0, 1, 2]), executable: false })
    await push({ url: first.url }, 'web', [version], await toOciPack(files))
  }
  await withFiles('1.0.0', '1.27')
  await withFiles('2.0.0', '1.28')
  await syncAgain(admin, ids[0])
  const [left, right] = [await uidOf('1.0.0', ids[0], 'web'), await uidOf('2.0.0', ids[0], 'web')]
  const { changes, files, ...comparison } = await comparePacks(admin, left, right, { withFiles: true })
  expect(changes.images.changed).toEqual([{ name: 'nginx', from: '1.27', to: '1.28' }])
  const template = 'charts/web-2.0.0.tgz/templates/web.yaml'
  expect(files.filter((one) => one.change !== 'same').map((one) => [one.path, one.change])).toEqual([
    ...[
      ['values.yaml', 'changed'],
      ['pack.json', 'changed'],
    ],
    ...[
      ['charts/web-2.0.0.tgz/Chart.yaml', 'changed'],
      [template, 'changed'],
      ['manifests/b.bin', 'added'],
    ],
  ])
  expect(files.find((one) => one.path === template)?.lines).toEqual({ added: 1, removed: 1 })
  expect(summarize({ ...comparison, changes, files }).at(-1)).toBe(
    'Manifests and charts: 2 files changed, 1 added.',
  )
  expect(await compareFile(admin, left, right, template)).toMatchObject({
    ...{ left: 'image: nginx:1.27\n', right: 'image: nginx:1.28\n', edits: [[0, 1, 0, 1]] },
  })
  expect(await compareFile(admin, left, right, 'manifests/b.bin')).toMatchObject({
    ...{ edits: null, reason: expect.stringContaining('It is no text') },
  })
})

test('a file is compared line by line, and one that did not change has no edits', async () => {
  const [left, right] = [await uidOf('1.0.0'), await uidOf('1.1.0')]
  const values = await compareFile(admin, left, right, 'values.yaml')
  expect(values).toMatchObject({ left: VALUES, right: NEWER, reason: '' })
  expect(values.edits?.[0]).toEqual([0, 1, 0, 1])
  expect((await compareFile(admin, left, right, 'README.md')).edits).toEqual([])
  await expect(compareFile(admin, left, right, 'nowhere')).rejects.toMatchObject({ code: 'not_found' })
})

test('the same version in two registries is compared, and the same content is said to be', async () => {
  const same = await comparePacks(admin, await uidOf('1.0.0'), await uidOf('1.0.0', ids[1]))
  expect(summarize(same)).toEqual(['Both are the same, byte for byte.'])
  const other = await comparePacks(admin, await uidOf('1.1.0'), await uidOf('1.1.0', ids[1]))
  expect(other.left.version.registry.id).not.toBe(other.right.version.registry.id)
  expect(summarize(other)[0]).toBe('1 value added, 1 default changed, 3 values removed.')
})

test('values that are no YAML are compared as text, and the rest as ever', async () => {
  const comparison = await compare('1.1.0', '1.2.0')
  expect(summarize(comparison)[0]).toMatch(
    /^The values of 1\.2\.0 are no YAML \(.*\): compare them as text\.$/,
  )
  expect(comparison.changes.metadata.changes).toMatchObject([{ kind: 'removed', path: 'eol' }])
})

test('where only comments differ, that is said', async () => {
  expect(summarize(await compare('1.0.0', '1.3.0'))).toEqual([
    'Every value is the same. Comments, layout or listed images differ.',
    'No longer requires kubernetes; before: 1.33 or newer.',
  ])
})

test("another tenant's versions are not there", async () => {
  const { admin: stranger } = await newTenant()
  const [left, right] = [await uidOf('1.0.0'), await uidOf('1.1.0')]
  await expect(comparePacks(stranger, left, right)).rejects.toMatchObject({ code: 'not_found' })
  await expect(compareFile(stranger, left, right, 'values.yaml')).rejects.toMatchObject({ code: 'not_found' })
})
