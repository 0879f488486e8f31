import { expect, test } from 'vitest'

import { lineOfPath } from './yaml-path'

const text = '# About.\npack:\n  a.b/c: 1\n  files:\n    - path: /x\n      mode: 1\n'

test('a path leads to its line, through keys with dots and lists', () => {
  expect(lineOfPath(text, 'pack.a.b/c')).toBe(3)
  expect(lineOfPath(text, 'pack.files.$[].mode')).toBe(6)
})

test('a path that is not there leads to what stands above it, else nowhere', () => {
  expect(lineOfPath(text, 'pack.none.at.all')).toBe(2)
  expect(lineOfPath(text, 'none')).toBeNull()
  expect(lineOfPath('a: [', 'a')).toBeNull()
})
