import { gzipSync } from 'node:zlib'

import { expect, test } from 'vitest'

import { type PackFiles, writeTar } from './archive'
import { CHART_LIMITS, readChartName } from './chart'

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
