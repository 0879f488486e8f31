import { expect, test } from 'vitest'

import { readAhead } from './read-ahead'

const tick = () => new Promise((done) => setImmediate(done))

/** Adds items that are settled when they are told to be. */
function start(most: { items: number; bytes: number }) {
  const ahead = readAhead(most)
  const settled: number[] = []
  const release: (() => void)[] = []
  const add = (i: number, bytes: number) => {
    const ready = new Promise<void>((done) => {
      release[i] = done
    })
    let hasRoom = false
    const room = ahead
      .add(bytes, () => ready.then(() => void settled.push(i)))
      .then(() => {
        hasRoom = true
      })
    return { room, hasRoom: () => hasRoom }
  }
  return { ahead, settled, release, add }
}

test('items are settled in the order in which they came, whichever is ready first', async () => {
  const { ahead, settled, release, add } = start({ items: 10, bytes: 10 })
  for (const i of [0, 1, 2]) add(i, 1)
  release[2]?.()
  release[1]?.()
  await tick()
  expect(settled).toEqual([])
  release[0]?.()
  await ahead.end()
  expect(settled).toEqual([0, 1, 2])
})

test('there is no room for more items than may be ahead, until the oldest is settled', async () => {
  const { release, add } = start({ items: 2, bytes: 10 })
  await add(0, 1).room
  const second = add(1, 1)
  await tick()
  expect(second.hasRoom()).toBe(false)
  release[0]?.()
  await second.room
})

test('there is no room for more bytes than may be ahead, and one item alone may have more', async () => {
  const { settled, release, add } = start({ items: 10, bytes: 10 })
  await add(0, 6).room
  const second = add(1, 20)
  release[0]?.()
  await tick()
  expect(second.hasRoom()).toBe(false)
  release[1]?.()
  await second.room
  expect(settled).toEqual([0, 1])
})
