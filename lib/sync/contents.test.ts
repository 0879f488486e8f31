import { expect, test } from 'vitest'

import { together } from './contents'

test('questions that come while one is asked are asked together', async () => {
  const asked: string[][] = []
  const release: (() => void)[] = []
  const find = together(async (digests) => {
    asked.push(digests)
    await new Promise<void>((done) => release.push(done))
    return new Set(digests)
  })
  const first = find(['a'])
  await Promise.resolve()
  const others = [find(['b', 'c']), find(['c', 'd'])]
  release.shift()?.()
  expect(await first).toEqual(new Set(['a']))
  await new Promise((done) => setImmediate(done))
  release.shift()?.()
  for (const one of await Promise.all(others)) expect(one).toEqual(new Set(['b', 'c', 'd']))
  expect(asked).toEqual([['a'], ['b', 'c', 'd']])
})

test('a question that failed fails for who asked it, and the next is asked again', async () => {
  let works = false
  const find = together(async (digests) => {
    if (!works) throw new Error('The database is away')
    return new Set(digests)
  })
  await expect(find(['a'])).rejects.toThrow('away')
  works = true
  expect(await find(['a'])).toEqual(new Set(['a']))
})
