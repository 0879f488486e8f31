import type { FastifyReply } from 'fastify'
import { expect, test } from 'vitest'

import { RegistryError } from './errors'
import { page } from './paging'
import { SortedNames } from './storage/sorted-names'

function read(names: string[], query: string) {
  const headers: Record<string, string> = {}
  const reply = {
    header: (name: string, value: string) => (headers[name] = value),
  } as unknown as FastifyReply
  return {
    names: page(new SortedNames(names), new URLSearchParams(query), '/v1/_catalog', reply),
    ...headers,
  }
}

test('without n, all names come in their order', () => {
  expect(read(['b', 'a', 'B'], '')).toEqual({ names: ['B', 'a', 'b'] })
})

test('a page with more after it links to the next', () => {
  expect(read(['a', 'b/x', 'c'], 'n=2')).toEqual({
    names: ['a', 'b/x'],
    link: '</v1/_catalog?n=2&last=b%2Fx>; rel="next"',
  })
})

test('the last page has no link', () => {
  expect(read(['a', 'b', 'c'], 'n=2&last=b')).toEqual({ names: ['c'] })
})

test('the list goes on after a name that is gone', () => {
  expect(read(['a', 'c'], 'last=b').names).toEqual(['c'])
})

test('a page holds 1,000 names at most', () => {
  const names = Array.from({ length: 1500 }, (_, i) => `p${String(i).padStart(4, '0')}`)
  expect(read(names, 'n=999999').names).toHaveLength(1000)
})

test('no names are asked for and none come', () => {
  expect(read(['a'], 'n=0')).toEqual({ names: [] })
})

test.each(['-1', 'x', '1.5', ''])('n=%s is refused', (n) => {
  expect(() => read(['a'], `n=${n}`)).toThrow(RegistryError)
})
