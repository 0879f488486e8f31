import { expect, test } from 'vitest'

import { sampleCharts, unpacked } from './build-charts.mjs'

test('each chart archive in packs/ holds exactly what its sources give', async () => {
  const charts = await sampleCharts()
  expect(charts.length).toBeGreaterThanOrEqual(6)
  for (const { file, tar } of charts) expect(unpacked(file)?.equals(tar), file).toBe(true)
})

test('building twice gives the same bytes', async () => {
  expect(await sampleCharts()).toEqual(await sampleCharts())
})
