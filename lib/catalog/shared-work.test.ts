import { expect, test } from 'vitest'

import { shareWork } from './shared-work'

test('who asks for the same meanwhile gets the same answer, and later a new one', async () => {
  let times = 0
  const work = async () => {
    await new Promise((done) => setTimeout(done, 5))
    return ++times
  }
  expect(await Promise.all([shareWork('a', work), shareWork('a', work), shareWork('b', work)])).toEqual([
    1, 1, 2,
  ])
  expect(await shareWork('a', work)).toBe(3)
})

test('what failed is not kept, and too much at once is refused', async () => {
  const broken = () => Promise.reject(new Error('no'))
  await expect(shareWork('a', broken)).rejects.toThrow('no')
  let end = () => {}
  const until = new Promise<void>((done) => {
    end = done
  })
  const all = Array.from({ length: 100 }, (_, i) => shareWork(`${i}`, () => until))
  expect(() => shareWork('more', () => until)).toThrow('Many versions')
  expect(shareWork('1', () => until)).toBe(all[1])
  end()
  await Promise.all(all)
  await expect(shareWork('more', async () => 1)).resolves.toBe(1)
})
