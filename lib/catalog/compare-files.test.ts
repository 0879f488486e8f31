import { expect, test } from 'vitest'

import { compareLists } from './compare-files'

const file = (path: string, digest = 'a') => ({ path, digest, isText: true })
const compare = (left: ReturnType<typeof file>[], right: ReturnType<typeof file>[]) =>
  compareLists(left, right).map(({ path, change, left }) => [path, change, left?.path])

test('files are paired by their paths, and compared by what they hold', () => {
  expect(compare([file('a'), file('b'), file('c')], [file('b', 'x'), file('a'), file('d')])).toEqual([
    ['a', 'same', 'a'],
    ['b', 'changed', 'b'],
    ['c', 'removed', 'c'],
    ['d', 'added', undefined],
  ])
})

test('the version in the name of a chart or a manifest makes no other file of it', () => {
  expect(
    compare(
      [file('charts/web-1.2.3.tgz/Chart.yaml'), file('manifests/calico-v3.32.2.yaml')],
      [file('charts/web-1.3.0-rc.1.tgz/Chart.yaml', 'x'), file('manifests/calico-v3.33.0.yaml')],
    ),
  ).toEqual([
    ['charts/web-1.3.0-rc.1.tgz/Chart.yaml', 'changed', 'charts/web-1.2.3.tgz/Chart.yaml'],
    ['manifests/calico-v3.33.0.yaml', 'same', 'manifests/calico-v3.32.2.yaml'],
  ])
})

test('of several versions of one file those with the same path are paired first', () => {
  expect(
    compare([file('a-1.0.yaml'), file('a-2.0.yaml')], [file('a-2.0.yaml', 'x'), file('a-3.0.yaml')]),
  ).toEqual([
    ['a-3.0.yaml', 'same', 'a-1.0.yaml'],
    ['a-2.0.yaml', 'changed', 'a-2.0.yaml'],
  ])
})

test('a packed chart that was looked into is its files, another one is a file', () => {
  const files = [file('charts/a.tgz'), file('charts/a.tgz/Chart.yaml'), file('charts/b.tgz')]
  expect(compare(files, files).map(([path]) => path)).toEqual(['charts/a.tgz/Chart.yaml', 'charts/b.tgz'])
})
