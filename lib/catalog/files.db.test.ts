import { gzipSync } from 'node:zlib'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { rawTar } from '../../tests/hostile-bytes/raw-tar'
import { addSynced, syncAgain } from '../../tests/support/catalog'
import { packChart, startChartRepository } from '../../tests/support/chart-repository'
import { pushOci } from '../../tests/support/oci'
import { packFiles, push } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant, registryInput } from '../../tests/support/tenant'
import type { Actor } from '../access/actor'
import { closeDatabase, sqlInTenant } from '../db/in-tenant'
import { digestOf, toOciPack } from '../pack-format/oci'
import { adapterOf } from '../registries/adapter'
import { addRegistry } from '../registries/add'
import type { RegistryInput } from '../registries/schema'
import { runSync } from '../sync/run'
import { listVersions } from './detail'
import { listFiles, readFile } from './files'

let server: TestRegistry
let admin: Actor
let chart: Awaited<ReturnType<typeof packChart>>

beforeAll(async () => {
  server = await startTestRegistry()
  ;({ admin } = await newTenant())
  chart = await packChart({ name: 'web', version: '1.0.0' }, { 'templates/web.yaml': 'image: nginx:1.27\n' })
})
afterAll(async () => {
  await server.close()
  await closeDatabase()
})

/** Pushes a pack with these files beside its parts. */
async function pushWith(
  name: string,
  files: Record<string, string | Uint8Array>,
  version = '1.0.0',
  force = false,
) {
  const all = packFiles({ name, version, values: 'pack: {content: {images: [{image: "quay.io/x/y:1"}]}}\n' })
  for (const [path, content] of Object.entries(files))
    all.set(path, { bytes: Buffer.from(content), executable: false })
  return push({ url: server.url, force }, name, [version], await toOciPack(all))
}
async function addOf(input: RegistryInput) {
  const { id } = await addRegistry(admin, input)
  await runSync(admin.tenantId, id, adapterOf, new AbortController().signal)
  return id
}
const uidOf = async (name: string, registryId: string, version = '1.0.0') =>
  (await listVersions(admin, { name, registryId, version }, { skip: 0, take: 1 })).details[0]?.version.id ??
  ''
const pathsOf = async (uid: string) => (await listFiles(admin, uid)).files.map((one) => one.path)

test('a pack of our server has its parts, its manifests and what its charts hold', async () => {
  await pushWith('web', { 'manifests/a.yaml': 'image: redis:8\n', 'charts/web.tgz': chart.tgz })
  const uid = await uidOf('web', await addSynced(admin, server.url))
  expect(await pathsOf(uid)).toEqual([
    ...['README.md', 'charts/web.tgz', 'charts/web.tgz/Chart.yaml', 'charts/web.tgz/templates/web.yaml'],
    ...['manifests/a.yaml', 'pack.json', 'values.yaml'],
  ])
  expect((await listFiles(admin, uid)).images.map((one) => one.image)).toEqual([
    ...['quay.io/x/y:1', 'nginx:1.27', 'redis:8'],
  ])
  expect(await readFile(admin, uid, 'charts/web.tgz/templates/web.yaml')).toMatchObject({
    ...{ kind: 'text', text: 'image: nginx:1.27\n', size: 18 },
  })
  expect(await readFile(admin, uid, 'README.md')).toMatchObject({ text: '# web\n' })
  expect(await readFile(admin, uid, 'charts/web.tgz')).toMatchObject({ kind: 'binary', text: null })
  for (const path of ['../values.yaml', 'none', '__proto__', "'; DROP TABLE content; --"])
    await expect(readFile(admin, uid, path)).rejects.toMatchObject({ code: 'not_found' })
})

test('many who ask at once are answered by one reading, and it is asked of the registry once', async () => {
  const repository = await startChartRepository([chart])
  const uid = await uidOf('web', await addOf(registryInput(repository.url, { kind: 'helm' })))
  repository.seen.length = 0
  const all = await Promise.all(Array.from({ length: 20 }, () => listFiles(admin, uid)))
  expect(new Set(all.map((one) => JSON.stringify(one.files))).size).toBe(1)
  expect(repository.seen.map((one) => one.path)).toEqual(['/index.yaml', `/${chart.file}`])
  await repository.close()
  // What was read once is there without the registry.
  expect(await pathsOf(uid)).toEqual(['Chart.yaml', 'templates/web.yaml'])
})

test('in an OCI registry a pack, a packed pack and a chart have their files', async () => {
  const oci = (base: string, providerType: 'pack' | 'helm'): RegistryInput =>
    registryInput(server.url, {
      kind: 'oci',
      oci: { providerType, baseContentPath: base, basePath: '', repositories: [], tokenServer: '' },
    })
  const packed = [...packFiles({ name: 'packed', version: '1.0.0' })].map(([name, { bytes }]) => ({
    ...{ name: `packed-1/${name}`, content: bytes },
  }))
  const tgz = gzipSync(rawTar([...packed, { name: 'packed-1/manifests/b.yaml', content: 'kind: B\n' }]))
  await pushOci(server, 'base/spectro-packs/archive/packed', '1.0.0', {
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', bytes: tgz }],
  })
  await pushOci(server, 'charts/deep/web', '1.0.0', {
    config: { mediaType: 'application/vnd.cncf.helm.config.v1+json' },
    layers: [{ mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', bytes: chart.tgz }],
  })
  expect(await pathsOf(await uidOf('packed', await addOf(oci('base', 'pack'))))).toEqual([
    ...['README.md', 'manifests/b.yaml', 'pack.json', 'values.yaml'],
  ])
  expect(await pathsOf(await uidOf('web', await addOf(oci('charts', 'helm'))))).toEqual([
    ...['Chart.yaml', 'templates/web.yaml'],
  ])
})

test('equal texts of many versions are stored once, and a version pushed again has files of its own', async () => {
  for (const version of ['1.0.0', '2.0.0'])
    await pushWith('twice', { 'manifests/a.yaml': 'kind: Same\n' }, version)
  const registryId = await addSynced(admin, server.url)
  const uid = await uidOf('twice', registryId)
  const [one, other] = [
    await listFiles(admin, uid),
    await listFiles(admin, await uidOf('twice', registryId, '2.0.0')),
  ]
  const digest = one.files.find((file) => file.path === 'manifests/a.yaml')?.digest
  expect(other.files.find((file) => file.path === 'manifests/a.yaml')?.digest).toBe(digest)
  const { rows } = await sqlInTenant(admin.tenantId).query('SELECT bytes FROM content WHERE digest = $1', [
    digest,
  ])
  expect(rows.map((row: { bytes: Buffer }) => String(row.bytes))).toEqual(['kind: Same\n'])

  await pushWith('twice', { 'manifests/a.yaml': 'kind: Other\n' }, '1.0.0', true)
  await syncAgain(admin, registryId)
  expect((await readFile(admin, uid, 'manifests/a.yaml')).text).toBe('kind: Other\n')
})

test('an archive that is unsound has no files and says why, and its parts are there', async () => {
  const files = packFiles({ name: 'broken', version: '1.0.0' })
  const pack = await toOciPack(new Map([...files, ['x', { bytes: Buffer.from('x'), executable: false }]]))
  // As somebody pushes it who does not use our tools.
  const bad = Buffer.from('no tar at all '.repeat(100))
  const manifest = JSON.parse(Buffer.from(pack.manifest.bytes).toString())
  manifest.layers.at(-1).digest = digestOf(bad)
  manifest.layers.at(-1).size = bad.length
  const bytes = Buffer.from(JSON.stringify(manifest))
  await push(server, 'broken', ['1.0.0'], {
    manifest: { bytes, digest: digestOf(bytes) },
    blobs: [...pack.blobs, { digest: digestOf(bad), mediaType: '', bytes: bad }],
  })
  const uid = await uidOf('broken', await addSynced(admin, server.url))
  const { files: listed, notes } = await listFiles(admin, uid)
  expect(listed.map((one) => one.path)).toEqual(['README.md', 'pack.json', 'values.yaml'])
  expect(notes).toEqual([
    expect.stringMatching(/^Its files cannot be read: files\.tar is no sound archive\./),
  ])
})

test('where the registry does not answer it is said, and not asked again at once; another tenant sees nothing', async () => {
  const repository = await startChartRepository([chart])
  const uid = await uidOf('web', await addOf(registryInput(repository.url, { kind: 'helm' })))
  repository.seen.length = 0
  repository.instead = (_, response) => {
    response.writeHead(503).end()
    return true
  }
  const failed = expect.objectContaining({ code: 'remote_unavailable' })
  await expect(listFiles(admin, uid)).rejects.toEqual(failed)
  const asked = repository.seen.length
  await expect(readFile(admin, uid, 'Chart.yaml')).rejects.toEqual(failed)
  expect([asked > 0, repository.seen.length]).toEqual([true, asked])
  const { admin: stranger } = await newTenant()
  await expect(listFiles(stranger, uid)).rejects.toMatchObject({ code: 'not_found' })
  await repository.close()
})
