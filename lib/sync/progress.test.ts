import { expect, test } from 'vitest'

import { startMeter } from './progress'

const at = (second: number) => new Date(second * 1000)

test('the rate is of the last seconds, and begins anew with each step', () => {
  const seen = { failed: 0, requests: 1, bytes: 2 }
  const meter = startMeter(() => seen)
  expect(meter.look(at(0))).toEqual({ step: 'connecting', done: 0, of: null, perSecond: null, ...seen })
  meter.begin('reading', 1_000)
  for (let second = 1; second <= 30; second++) {
    // 10 a second at first, 50 a second later.
    for (let i = 0; i < (second <= 15 ? 10 : 50); i++) meter.tick()
    const look = meter.look(at(second))
    if (second === 1) expect(look.perSecond).toBeNull()
    if (second === 15) expect(look).toMatchObject({ done: 150, of: 1_000, perSecond: 10 })
    if (second === 30) expect(look.perSecond).toBe(50)
  }
  meter.begin('writing')
  expect(meter.look(at(31))).toMatchObject({ step: 'writing', done: 0, of: null, perSecond: null })
})

test('what stands still has a rate of 0, not none', () => {
  const meter = startMeter(() => ({ failed: 0, requests: 0, bytes: 0 }))
  meter.begin('reading', 5)
  meter.look(at(0))
  expect(meter.look(at(5)).perSecond).toBe(0)
})
