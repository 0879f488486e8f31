import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { createTurns } from './turns'

const HOST = 'https://registry.example'

test('one origin gets so many requests at once and no more, and another does not wait for it', async () => {
  const turns = createTurns({ atOnce: 2, perSecond: 0 })
  let [running, most] = [0, 0]
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      const end = await turns.take(HOST, turns, undefined)
      most = Math.max(most, ++running)
      await sleep(2)
      running--
      end()
      end()
    }),
  )
  expect(most).toBe(2)
  const held = await Promise.all([turns.take(HOST, turns, undefined), turns.take(HOST, turns, undefined)])
  await turns.take('https://other.example', turns, undefined)
  for (const end of held) end()
})

test('a registry with few requests does not wait for all of one with many', async () => {
  const turns = createTurns({ atOnce: 1, perSecond: 0 })
  const [large, small] = [{}, {}]
  const order: string[] = []
  const ask = async (name: string, owner: object) => {
    const end = await turns.take(HOST, owner, undefined)
    order.push(name)
    await sleep(1)
    end()
  }
  const all = Array.from({ length: 8 }, () => ask('large', large))
  all.push(ask('small', small), ask('small', small))
  await Promise.all(all)
  expect(order.lastIndexOf('small')).toBeLessThan(5)
})

test('so many requests begin in a second and no more', async () => {
  const turns = createTurns({ atOnce: 100, perSecond: 100 })
  const began = performance.now()
  for (let i = 0; i < 11; i++) (await turns.take(HOST, turns, undefined))()
  expect(performance.now() - began).toBeGreaterThanOrEqual(98)
})

test('after a pause was asked for nobody gets a turn until it is over', async () => {
  const turns = createTurns({ atOnce: 5, perSecond: 0 })
  turns.pause(HOST, 60)
  const began = performance.now()
  await Promise.all([turns.take(HOST, {}, undefined), turns.take(HOST, {}, undefined)])
  expect(performance.now() - began).toBeGreaterThanOrEqual(58)
})

test('who gives up waiting takes no turn', async () => {
  const turns = createTurns({ atOnce: 1, perSecond: 0 })
  const end = await turns.take(HOST, turns, undefined)
  const stop = new AbortController()
  const waits = turns.take(HOST, turns, stop.signal)
  stop.abort(new Error('enough'))
  await expect(waits).rejects.toThrow('enough')
  await expect(turns.take(HOST, turns, stop.signal)).rejects.toThrow('enough')
  const next = turns.take(HOST, turns, undefined)
  end()
  ;(await next)()
})
