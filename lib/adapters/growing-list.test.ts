import { expect, test } from 'vitest'

import { growingList } from './growing-list'

const start = () => growingList(5, () => new Error('endless'))

test('a list that brings the same again and again is not read for ever', () => {
  const { addPage } = start()
  addPage(['a', 'b'])
  for (let i = 0; i < 3; i++) addPage(['b', 'a'])
  expect(() => addPage(['a'])).toThrow('endless')
})

test('some pages may be empty, as long as it goes on after them', () => {
  const { addPage, all } = start()
  for (const page of [['a'], [], [], ['b'], [], ['b', 'c']]) addPage(page)
  expect([...all]).toEqual(['a', 'b', 'c'])
})

test('a list that is longer than any is not read to its end', () => {
  const { addPage } = start()
  addPage(['a', 'b', 'c', 'd', 'e'])
  expect(() => addPage(['f'])).toThrow('endless')
})
