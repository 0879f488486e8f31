import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { atMost } from './at-most'

test('so many pieces of work go on at once and no more, also when some fail', async () => {
  const inTurn = atMost(2)
  let [running, most] = [0, 0]
  const results = await Promise.allSettled(
    Array.from({ length: 9 }, (_, i) =>
      inTurn(async () => {
        most = Math.max(most, ++running)
        await sleep(2)
        running--
        if (i % 3 === 0) throw new Error('failed')
      }),
    ),
  )
  expect(most).toBe(2)
  expect(results.filter((one) => one.status === 'rejected')).toHaveLength(3)
})

test('who gives up waiting takes no turn', async () => {
  const inTurn = atMost(1)
  const stop = new AbortController()
  const first = inTurn(() => sleep(20))
  const waits = inTurn(async () => 'never', stop.signal)
  stop.abort(new Error('enough'))
  await expect(waits).rejects.toThrow('enough')
  await first
  expect(await inTurn(async () => 'again', new AbortController().signal)).toBe('again')
})
