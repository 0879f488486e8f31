import { expect, test } from 'vitest'

import { readContentRange, readRange } from './range'

test.each([
  ['bytes=0-3', { start: 0, end: 3 }],
  ['bytes=4-', { start: 4, end: 9 }],
  ['bytes=-3', { start: 7, end: 9 }],
  ['bytes=-99', { start: 0, end: 9 }],
  ['bytes=8-99', { start: 8, end: 9 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=3-1', null],
  ['bytes=0-1,3-4', null],
  ['lines=0-1', null],
  ['bytes=-', null],
  [undefined, null],
])('of 10 bytes, %s is %j', (header, range) => {
  expect(readRange(header, 10)).toEqual(range)
})

test.each([
  ['0-1023', { start: 0, end: 1023 }],
  ['bytes 5-9/*', { start: 5, end: 9 }],
  ['9-5', 'malformed'],
  ['5-', 'malformed'],
  ['x', 'malformed'],
  [undefined, null],
])('a part of an upload at %s is %j', (header, range) => {
  expect(readContentRange(header)).toEqual(range)
})
