import { expect, test } from 'vitest'

import { slabs } from './slabs'

const bytes = (...all: number[]) => Uint8Array.from(all)

test('what is kept stays as it is until its slab is freed, whatever is kept meanwhile', () => {
  const room = slabs(4)
  const [one, two] = [room.keep(bytes(1, 2)), room.keep(bytes(3))]
  const first = room.next()
  const three = room.keep(bytes(9, 9, 9, 9))
  expect([[...one], [...two], [...three]]).toEqual([[1, 2], [3], [9, 9, 9, 9]])
  first.free()
  room.next()
  room.keep(bytes(7, 7))
  expect([...one]).toEqual([7, 7])
})

test('what does not fit is kept all the same, and tells that the slab is full', () => {
  const room = slabs(4)
  room.keep(bytes(1, 2, 3))
  expect(room.isFull()).toBe(false)
  const large = room.keep(bytes(4, 5, 6))
  expect([...large]).toEqual([4, 5, 6])
  expect(room.isFull()).toBe(true)
})
