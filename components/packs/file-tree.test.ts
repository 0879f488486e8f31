import { expect, test } from 'vitest'

import { firstFile, foldersOf, toTree } from './file-tree'
import type { PackFile } from './one-pack-queries'

const file = (path: string, kind: PackFile['kind'] = 'text'): PackFile => ({
  path,
  kind,
  size: 1,
  digest: '',
})
const show = (nodes: ReturnType<typeof toTree>): unknown[] =>
  nodes.map((one) => (one.children.length > 0 ? [one.name, show(one.children)] : one.name))

test('files stand in their folders, folders first, and a packed chart is a folder too', () => {
  const files = [
    'README.md',
    'charts/a.tgz',
    'charts/a.tgz/Chart.yaml',
    'charts/a.tgz/templates/b.yaml',
    'manifests/c.yaml',
  ]
  expect(show(toTree(files.map((path) => file(path))))).toEqual([
    ['charts', [['a.tgz', [['templates', ['b.yaml']], 'Chart.yaml']]]],
    ['manifests', ['c.yaml']],
    'README.md',
  ])
})

test('a folder that holds one folder alone stands with it', () => {
  expect(show(toTree([file('a/b/c/d.yaml')]))).toEqual([['a/b/c', ['d.yaml']]])
})

test('names of prototypes are names like any other', () => {
  expect(show(toTree([file('__proto__/constructor'), file('toString')]))).toEqual([
    ['__proto__', ['constructor']],
    'toString',
  ])
})

test('the first file is a manifest, else a Chart.yaml, and never one that cannot be shown', () => {
  expect(
    firstFile([file('a.yaml'), file('charts/a.tgz/Chart.yaml'), file('manifests/x.yaml', 'large')]),
  ).toBe('charts/a.tgz/Chart.yaml')
  expect(firstFile([file('x.bin', 'binary')])).toBe('')
  expect(foldersOf('a/b/c.yaml')).toEqual(['a', 'a/b'])
})
