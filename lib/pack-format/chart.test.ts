import { gzipSync } from 'node:zlib'

import { pack as packTar } from 'tar-stream'
import { expect, test } from 'vitest'

import { type PackFiles, writeTar } from './archive'
import { CHART_LIMITS, readChart, readChartName } from './chart'

const packed = async (files: Record<string, string | Uint8Array>) => {
  const entries = Object.entries(files).map(
    ([path, content]): [string, PackFiles extends Map<string, infer F> ? F : never] => [
      path,
      { bytes: Buffer.from(content), executable: false },
    ],
  )
  return gzipSync(await writeTar(new Map(entries)))
}

test("a chart's name is that of its own Chart.yaml, not of a chart inside it", async () => {
  const tgz = await packed({
    'a/charts/inner/Chart.yaml': 'name: inner\nversion: 1.0.0\n',
    'nginx/Chart.yaml': 'name: nginx\nversion: 1.0.0\n',
  })
  expect(await readChartName('charts/other-name.tgz', tgz)).toBe('nginx')
})

test('what is no chart archive is refused with its file', async () => {
  const refused = (bytes: Uint8Array) => readChartName('charts/a.tgz', bytes)
  await expect(refused(Buffer.from('not gzip'))).rejects.toThrow('charts/a.tgz: is no packed chart')
  await expect(refused(gzipSync(Buffer.alloc(4096, 7)))).rejects.toThrow('is no packed chart')
  const whole = await packed({ 'a/Chart.yaml': 'name: a' })
  await expect(refused(whole.subarray(0, whole.length / 2))).rejects.toThrow('charts/a.tgz')
  await expect(refused(await packed({ 'a/values.yaml': '' }))).rejects.toThrow('holds no Chart.yaml')
  await expect(refused(await packed({ 'a/Chart.yaml': 'version: 1' }))).rejects.toThrow('without a name')
})

test('a bomb is not unpacked to its end', async () => {
  const huge = Buffer.alloc(CHART_LIMITS.chartYamlBytes + 1, 0x20)
  await expect(readChartName('c.tgz', await packed({ 'a/Chart.yaml': huge }))).rejects.toThrow('too large')
})

test("a chart's own files are read, not those of charts inside it", async () => {
  const chart = await readChart(
    'a.tgz',
    await packed({
      'a/Chart.yaml': 'name: a\nversion: 1.0.0\nicon: ./pictures/a.png\n',
      'a/README.md': '# A\n',
      'a/charts/b/Chart.yaml': 'name: b\nversion: 2.0.0\n',
      'a/charts/b/README.md': '# B\n',
      'a/charts/b/values.yaml': 'b: 1\n',
      'a/pictures/a.png': 'picture',
      'a/templates/deployment.yaml': 'kind: Deployment\n',
      'a/values.schema.json': '{"type":"object"}',
      'a/values.yaml': 'a: 1\n',
      'b/values.yaml': 'other: 1\n',
    }),
  )
  expect(chart.metadata).toMatchObject({ name: 'a', version: '1.0.0' })
  const texts = [chart.values, chart.readme, chart.schema, chart.icon].map((one) =>
    Buffer.from(one ?? '').toString(),
  )
  expect(texts).toEqual(['a: 1\n', '# A\n', '{"type":"object"}', 'picture'])
})

test('a Chart.yaml needs a name and a version; whatever else is wrong in it is left out', async () => {
  const read = async (text: string) => readChart('a.tgz', await packed({ 'a/Chart.yaml': text }))
  const odd = `
name: a
version: 1.10.0
appVersion: 7.1
deprecated: "yes"
description: [1]
keywords: [one, null, 2, { a: 1 }]
maintainers: [{ email: x }, { name: The quay }, null]
dependencies: nothing
annotations: { a: 1, b: [2] }
`
  expect((await read(odd)).metadata).toMatchObject({
    appVersion: '7.1',
    deprecated: false,
    description: undefined,
    keywords: ['one', '2'],
    maintainers: [{ name: 'The quay' }],
    dependencies: [],
    annotations: { a: '1', b: '' },
  })
  for (const [text, reason] of [
    ['version: 1.0.0', /without a sound name/],
    ['name: a', /without a sound version/],
    ['- a', /without a sound map/],
    ['', /without a sound map/],
    ['a: b: c', /no YAML/],
  ] as const)
    await expect(read(text)).rejects.toThrow(reason)
})

test('dependencies of the first format stand in a file of their own', async () => {
  const chart = await readChart(
    'a.tgz',
    await packed({
      'a/Chart.yaml': 'name: a\nversion: 1.0.0\n',
      'a/requirements.yaml':
        'dependencies:\n- name: redis\n  version: ">=1"\n  repository: https://example.org\n',
    }),
  )
  expect(chart.metadata.dependencies).toEqual([
    { name: 'redis', version: '>=1', repository: 'https://example.org' },
  ])
})

test('an icon is taken from its data URL or from the archive, and from nowhere else', async () => {
  const iconOf = async (icon: string) => {
    const files = {
      'a/Chart.yaml': `name: a\nversion: 1.0.0\nicon: "${icon}"\n`,
      'a/a.png': 'own',
      'b/a.png': 'other',
    }
    const { icon: bytes } = await readChart('a.tgz', await packed(files))
    return bytes && Buffer.from(bytes).toString()
  }
  expect(await iconOf(`data:image/png;base64,${Buffer.from('data').toString('base64')}`)).toBe('data')
  for (const own of ['a.png', './a.png', 'file://a.png']) expect(await iconOf(own)).toBe('own')
  for (const elsewhere of [
    'https://example.org/a.png',
    '//example.org/a.png',
    '../b/a.png',
    'file:///a.png',
    '/a.png',
    'data:text/html;base64,AAAA',
    'data:image/png,plain',
    '',
  ])
    expect(await iconOf(elsewhere), elsewhere).toBeNull()
})

test('links, devices and doubled files are not followed, and what leads out is not read', async () => {
  const hostile = async (
    ...headers: (Parameters<ReturnType<typeof packTar>['entry']>[0] & { body?: string })[]
  ) => {
    const tar = packTar()
    for (const { body = 'name: a\nversion: 1.0.0\n', ...header } of headers)
      tar.entry(header, header.type && header.type !== 'file' ? '' : body)
    tar.finalize()
    const chunks: Uint8Array[] = []
    for await (const chunk of tar) chunks.push(chunk as Uint8Array)
    return readChart('a.tgz', gzipSync(Buffer.concat(chunks)))
  }
  const sound = { name: 'a/Chart.yaml' }
  const linked = await hostile(
    sound,
    { name: 'a/values.yaml', type: 'symlink', linkname: '/etc/passwd' },
    { name: 'a/README.md', type: 'link', linkname: 'a/Chart.yaml' },
    { name: 'a/values.schema.json', type: 'character-device' },
    { name: '../values.yaml', body: 'out: 1' },
    { name: 'a/../values.yaml', body: 'out: 1' },
    { name: '/a/values.yaml', body: 'out: 1' },
  )
  expect(linked).toMatchObject({ values: null, readme: null, schema: null })
  await expect(hostile({ name: 'a/Chart.yaml', type: 'symlink', linkname: 'b' })).rejects.toThrow(
    'holds no Chart.yaml',
  )
  await expect(hostile(sound, sound)).rejects.toThrow('holds Chart.yaml twice')
  await expect(hostile(sound, { name: 'b/Chart.yaml' })).rejects.toThrow('two charts')
})

test('an archive that is huge when unpacked is left at its bound, one of endless files too', async () => {
  const MIB = 1024 * 1024
  // A file of gzip may hold many: their contents follow one another.
  const zeros = Array(CHART_LIMITS.unpackedBytes / MIB + 1).fill(gzipSync(Buffer.alloc(MIB)))
  const bomb = Buffer.concat([await packed({ 'a/Chart.yaml': 'name: a\nversion: 1.0.0\n' }), ...zeros])
  expect(bomb.length).toBeLessThan(MIB)
  await expect(readChart('b.tgz', bomb)).rejects.toThrow('b.tgz: is too large when unpacked')
  const header = (await writeTar(new Map([['a/b', { bytes: Buffer.alloc(0), executable: false }]]))).subarray(
    0,
    512,
  )
  const many = gzipSync(Buffer.alloc(512 * (CHART_LIMITS.entries + 1), header))
  await expect(readChart('b.tgz', many)).rejects.toThrow('holds more than 20,000 files')
  const values = Buffer.alloc(2 * MIB + 1, '#')
  await expect(
    readChart('b.tgz', await packed({ 'a/Chart.yaml': 'name: a\nversion: 1', 'a/values.yaml': values })),
  ).rejects.toThrow('holds a values.yaml of more than 2,097,152 bytes')
})
