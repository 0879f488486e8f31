import { expect, test } from 'vitest'

import { afterAttempt } from './attempt'

const failed = (status: number | null, rest = {}) => ({ status, reason: 'It failed.', ms: 1, ...rest })

test('what was taken is done', () => {
  expect(afterAttempt({ status: 204, reason: '', ms: 1 }, { attempts: 1, failures: 0 })).toEqual({
    do: 'done',
  })
})

test('what may heal is tried again, each time later, an hour apart at most, ten times', () => {
  const waits = Array.from({ length: 10 }, (_, i) =>
    afterAttempt(failed(503), { attempts: i + 1, failures: 1 }),
  )
  expect(waits.slice(0, 3)).toEqual([10_000, 20_000, 40_000].map((inMs) => ({ do: 'again', inMs })))
  expect(waits[8]).toEqual({ do: 'again', inMs: 2_560_000 })
  expect(waits[9]).toEqual({ do: 'give up', pause: '' })
  for (const status of [null, 408, 425, 429, 500])
    expect(afterAttempt(failed(status), { attempts: 1, failures: 1 })).toMatchObject({ do: 'again' })
})

test('a receiver that asks to wait is left alone for so long, an hour at most', () => {
  const wait = (retryAfterMs: number) =>
    afterAttempt(failed(429, { retryAfterMs }), { attempts: 1, failures: 1 })
  expect(wait(120_000)).toEqual({ do: 'again', inMs: 120_000 })
  expect(wait(1)).toEqual({ do: 'again', inMs: 10_000 })
  expect(wait(1e9)).toEqual({ do: 'again', inMs: 3_600_000 })
})

test('what is refused is not tried again, and the next is told', () => {
  for (const status of [302, 400, 401, 404])
    expect(afterAttempt(failed(status), { attempts: 1, failures: 1 })).toEqual({ do: 'give up', pause: '' })
})

test('a webhook is paused with the reason after ten failures in a row, and at once when its receiver is gone', () => {
  expect(afterAttempt(failed(500), { attempts: 1, failures: 10 })).toEqual({
    do: 'give up',
    pause: '10 attempts failed one after the other. The last: It failed.',
  })
  expect(afterAttempt(failed(410), { attempts: 1, failures: 1 })).toMatchObject({
    pause: expect.stringMatching(/410/),
  })
})
