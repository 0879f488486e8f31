import { expect, test } from 'vitest'

import { findYamlProblems } from './yaml-problems'

test('a problem is told at its line', () => {
  expect(findYamlProblems('a: 1\nb: 2\nb: 3\n')).toEqual([{ line: 3, message: expect.any(String) }])
  expect(findYamlProblems('a: 1\n')).toEqual([])
})

test('values are one document, manifests may be many, each with its own lines', () => {
  const text = 'a: 1\n---\nb: [\n---\nc: 1\nc: 2\n'
  expect(findYamlProblems(text)).toHaveLength(1)
  expect(findYamlProblems(text, 'many').map((one) => one.line)).toEqual([4, 6])
})
