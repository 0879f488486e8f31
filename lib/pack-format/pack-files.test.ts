import { gzipSync } from 'node:zlib'

import { expect, test } from 'vitest'

import { ARCHIVES } from '../../tests/hostile-bytes/archives'
import { type RawEntry, rawTar } from '../../tests/hostile-bytes/raw-tar'
import { PackError } from './archive'
import { digestOf } from './oci'
import { FILE_LIMITS, readPackFiles } from './pack-files'

const chart = (entries: RawEntry[] = [], name = 'a') =>
  gzipSync(rawTar([{ name: `${name}/Chart.yaml`, content: `name: ${name}\nversion: 1.0.0\n` }, ...entries]))
const paths = async (...given: Parameters<typeof readPackFiles>) =>
  (await readPackFiles(...given)).list.files.map((one) => one.path)

test('files are listed with size and digest, and their texts are kept once', async () => {
  const tar = rawTar([
    { name: 'manifests/a.yaml', content: 'kind: A\n' },
    { name: './manifests/b.yaml', content: 'kind: A\n' },
    { name: 'scripts/x.bin', content: Buffer.from([0, 1, 2]) },
  ])
  const { list, texts } = await readPackFiles('rest', 'files.tar', tar)
  const digest = digestOf(Buffer.from('kind: A\n'))
  expect(list).toEqual({
    files: [
      { path: 'manifests/a.yaml', size: 8, digest, kind: 'text', at: 0 },
      { path: 'manifests/b.yaml', size: 8, digest, kind: 'text', at: 0 },
      {
        ...{ path: 'scripts/x.bin', size: 3, kind: 'binary', at: null },
        digest: digestOf(Buffer.from([0, 1, 2])),
      },
    ],
    more: 0,
    notes: [],
  })
  expect(Buffer.from(texts).toString()).toBe('kind: A\n')
})

test('what a packed chart holds stands below its path, and so does what a chart in it holds', async () => {
  const inner = chart([{ name: 'b/values.yaml', content: 'x: 1\n' }], 'b')
  const outer = chart([
    { name: 'a/templates/x.yaml', content: 'kind: X\n' },
    { name: 'a/charts/b.tgz', content: inner },
  ])
  expect(await paths('rest', 'files.tar', rawTar([{ name: 'charts/a-1.tgz', content: outer }]))).toEqual([
    'charts/a-1.tgz',
    'charts/a-1.tgz/Chart.yaml',
    'charts/a-1.tgz/charts/b.tgz',
    'charts/a-1.tgz/charts/b.tgz/Chart.yaml',
    'charts/a-1.tgz/charts/b.tgz/values.yaml',
    'charts/a-1.tgz/templates/x.yaml',
  ])
  expect(await paths('chart', 'a.tgz', chart([{ name: 'a/values.yaml', content: 'y: 1\n' }]))).toEqual([
    ...['Chart.yaml', 'values.yaml'],
  ])
})

test('a packed pack is listed without the directory that it was packed in', async () => {
  const tar = rawTar([
    { name: 'x-1.0/pack.json', content: '{}' },
    { name: 'x-1.0/manifests/a.yaml', content: 'a' },
    { name: 'x-1.0/._pack.json', content: 'of macOS' },
  ])
  expect(await paths('pack', 'x.tgz', gzipSync(tar))).toEqual(['manifests/a.yaml', 'pack.json'])
})

test('a link, a device and a path that leads out are left out, and told', async () => {
  const { list } = await readPackFiles(
    'rest',
    'files.tar',
    rawTar([
      { name: 'a.yaml', content: 'a' },
      { name: '../evil', content: 'evil' },
      { name: '/etc/passwd', content: 'evil' },
      { name: 'link', type: '2', linkname: '/etc/passwd' },
      { name: 'a.yaml', content: 'a again' },
    ]),
  )
  expect(list.files.map((one) => [one.path, one.size])).toEqual([['a.yaml', 1]])
  expect(list.notes).toEqual([
    'Left out 4 entries that can be no file of a pack: a link, a device, a path that leads out.',
  ])
})

test('a chart that is a bomb, or none, is listed and not looked into, and the rest is there', async () => {
  const { list } = await readPackFiles(
    'rest',
    'files.tar',
    rawTar([
      { name: 'charts/bomb.tgz', content: chart([{ name: 'a/zeros', content: Buffer.alloc(40 << 20) }]) },
      { name: 'charts/none.tgz', content: 'no archive' },
      { name: 'manifests/a.yaml', content: 'a' },
    ]),
  )
  expect(list.files.map((one) => one.path)).toEqual([
    ...['charts/bomb.tgz', 'charts/none.tgz', 'manifests/a.yaml'],
  ])
  expect(list.notes).toEqual([
    'charts/bomb.tgz is too large when unpacked.',
    'charts/none.tgz is no sound archive.',
  ])
})

test('texts are kept as far as the limits allow, manifests before templates, and all are listed', async () => {
  const text = (letter: string) => letter.repeat(FILE_LIMITS.keptOne)
  const templates = Array.from({ length: 10 }, (_, i) => ({
    name: `a/templates/${i}.yaml`,
    content: text(String(i)),
  }))
  const { list, texts } = await readPackFiles(
    'rest',
    'files.tar',
    rawTar([
      {
        name: 'charts/a.tgz',
        content: gzipSync(rawTar([{ name: 'a/Chart.yaml', content: 'name: a' }, ...templates])),
      },
      { name: 'manifests/last.yaml', content: text('z') },
      { name: 'manifests/too-large.yaml', content: `${text('y')}y` },
    ]),
  )
  const kindOf = (path: string) => list.files.find((one) => one.path === path)?.kind
  expect(texts.length).toBeLessThanOrEqual(FILE_LIMITS.keptTogether)
  expect(kindOf('manifests/last.yaml')).toBe('text')
  expect(kindOf('charts/a.tgz/Chart.yaml')).toBe('text')
  expect(kindOf('manifests/too-large.yaml')).toBe('large')
  expect(kindOf('charts/a.tgz/templates/9.yaml')).toBe('large')
  expect(list.files).toHaveLength(14)
})

test('of very many files the first by path are listed, and the others counted', async () => {
  const many = Array.from({ length: 3_100 }, (_, i) => ({ name: `f/${i}`, content: '' }))
  const { list } = await readPackFiles('rest', 'files.tar', rawTar(many))
  expect([list.files.length, list.more]).toEqual([3_000, 100])
})

test.each(ARCHIVES)(
  '$is is listed or refused, and nothing leads out of the list',
  async ({ more = [], bytes }) => {
    const archive = bytes?.() ?? gzipSync(rawTar([{ name: 'x/pack.json', content: '{}' }, ...more]))
    const read = await readPackFiles('pack', 'evil.tgz', archive).catch((error) => error)
    if (read instanceof Error) expect(read).toBeInstanceOf(PackError)
    else
      for (const { path } of read.list.files) expect(path).not.toMatch(/^[/\\]|(?:^|[/\\])\.\.(?:[/\\]|$)|\0/)
  },
)
