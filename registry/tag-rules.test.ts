import { expect, test } from 'vitest'

import { Repository } from './storage/repository'
import { tagsToMove } from './tag-rules'

const digest = (letter: string) => `sha256:${letter.repeat(64)}`
const pushed = { version: '1.0.0', force: false }

function repositoryOf(...pushes: [letter: string, version: string | null, ...tags: string[]][]) {
  const repository = new Repository('demo')
  for (const [letter, version, ...tags] of pushes)
    repository.apply({
      do: 'push',
      repository: 'demo',
      manifest: {
        digest: digest(letter),
        mediaType: 'x',
        bytes: 1,
        ...(version && { pack: { version, bytes: 1 } }),
      },
      tags,
      at: '',
      by: '',
    })
  return repository
}

test('a first push moves its own tag', () => {
  expect(tagsToMove(undefined, { ...pushed, tag: '1.0.0', digest: digest('a') })).toEqual(['1.0.0'])
})

test('the same content may be pushed again, and under a group', () => {
  const held = repositoryOf(['a', '1.0.0', '1.0.0'])
  expect(tagsToMove(held, { ...pushed, tag: '1.0.0', digest: digest('a') })).toEqual(['1.0.0'])
  expect(tagsToMove(held, { ...pushed, tag: 'lts__1.0.0', digest: digest('a') })).toEqual(['lts__1.0.0'])
})

test.each(['1.0.0', 'lts__1.0.0'])('other content of a version that exists is refused under %s', (tag) => {
  const held = repositoryOf(['a', '1.0.0', '1.0.0'])
  expect(() => tagsToMove(held, { ...pushed, tag, digest: digest('b') })).toThrow(
    expect.objectContaining({ code: 'TAG_IMMUTABLE', status: 409 }),
  )
})

test('a forced push moves every tag of the version', () => {
  const held = repositoryOf(['a', '1.0.0', '1.0.0', 'lts__1.0.0'], ['c', '1.1.0', '1.1.0'])
  const tags = tagsToMove(held, { tag: '1.0.0', digest: digest('b'), version: '1.0.0', force: true })
  expect(tags).toEqual(['1.0.0', 'lts__1.0.0'])
})

test('an image cannot take the tag of a pack without force', () => {
  const held = repositoryOf(['a', '1.0.0', '1.0.0'])
  const image = { tag: '1.0.0', digest: digest('b'), version: null }
  expect(() => tagsToMove(held, { ...image, force: false })).toThrow(/exists with other content/)
  expect(tagsToMove(held, { ...image, force: true })).toEqual(['1.0.0'])
})

test('a label moves from version to version, and no version loses its own tag to it', () => {
  const held = repositoryOf(['a', '1.0.0', '1.0.0', 'stable'], ['b', '1.1.0', '1.1.0'])
  const label = { ...pushed, version: '1.1.0', digest: digest('b') }
  expect(tagsToMove(held, { ...label, tag: 'stable' })).toEqual(['stable'])
  expect(() => tagsToMove(held, { ...label, tag: '1.0.0' })).toThrow(
    expect.objectContaining({ code: 'TAG_IMMUTABLE' }),
  )
})

test('tags of images move freely', () => {
  const held = repositoryOf(['a', null, 'latest'])
  expect(tagsToMove(held, { tag: 'latest', digest: digest('b'), version: null, force: false })).toEqual([
    'latest',
  ])
})

test('a track cannot be pushed beside packs, and is a tag like any other beside images', () => {
  const image = { tag: '1.x', digest: digest('b'), version: null, force: true }
  expect(() => tagsToMove(repositoryOf(['a', '1.0.0', '1.0.0']), image)).toThrow(
    expect.objectContaining({ code: 'TAG_INVALID' }),
  )
  expect(tagsToMove(repositoryOf(['a', null, '1.0.0']), image)).toEqual(['1.x'])
})

test('a version has 100 tags at most', () => {
  const groups = Array.from({ length: 100 }, (_, i) => `g${i}__1.0.0`)
  const held = repositoryOf(['a', '1.0.0', ...groups])
  expect(() => tagsToMove(held, { ...pushed, tag: '1.0.0', digest: digest('a') })).toThrow(/takes no more/)
})
