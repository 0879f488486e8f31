import { expect, test } from 'vitest'

import { Repository } from './repository'

const digest = (letter: string) => `sha256:${letter.repeat(64)}`

function push(repository: Repository, letter: string, version: string | null, ...tags: string[]) {
  repository.apply({
    do: 'push',
    repository: repository.name,
    manifest: {
      digest: digest(letter),
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      bytes: 10,
      ...(version !== null && { pack: { version, bytes: 100 } }),
    },
    tags,
    at: '2026-01-01T00:00:00Z',
    by: 'admin',
  })
}
const untag = (repository: Repository, ...tags: string[]) =>
  repository.apply({ do: 'untag', repository: repository.name, tags, at: '', by: 'admin' })

function kubernetes() {
  const repository = new Repository('kubernetes')
  push(repository, 'a', '1.33.9', '1.33.9')
  push(repository, 'b', '1.33.10', '1.33.10')
  push(repository, 'c', '1.32.4', '1.32.4')
  return repository
}

test('a track stands for the newest version in it, by number and not by letter', () => {
  const repository = kubernetes()
  expect(repository.find('1.33.x')?.digest).toBe(digest('b'))
  expect(repository.find('1.x')?.digest).toBe(digest('b'))
  expect(repository.find('1.32.x')?.digest).toBe(digest('c'))
  expect(repository.tagNames.all).toEqual(['1.32.4', '1.32.x', '1.33.10', '1.33.9', '1.33.x', '1.x'])
})

test('a track falls back to the version before when the newest goes, and ends with the last', () => {
  const repository = kubernetes()
  untag(repository, '1.33.10')
  expect(repository.find('1.33.x')?.digest).toBe(digest('a'))
  untag(repository, '1.33.9', '1.32.4')
  expect(repository.find('1.x')).toBeUndefined()
  expect(repository.versions).toEqual([])
})

test('a group has tracks of its own', () => {
  const repository = kubernetes()
  push(repository, 'd', '1.34.0', 'lts__1.34.0')
  expect(repository.find('lts__1.x')?.digest).toBe(digest('d'))
  expect(repository.find('1.x')?.digest).toBe(digest('b'))
})

test('each version is listed once with its tags, its tracks after them', () => {
  const repository = kubernetes()
  push(repository, 'b', '1.33.10', 'lts__1.33.10')
  expect(repository.versions.map(({ version, tags }) => [version, ...tags])).toEqual([
    ['1.32.4', '1.32.4', '1.32.x'],
    ['1.33.10', '1.33.10', 'lts__1.33.10', 'lts__1.33.x', 'lts__1.x', '1.33.x', '1.x'],
    ['1.33.9', '1.33.9'],
  ])
})

test('tags of an image are no versions and make no tracks', () => {
  const repository = new Repository('image')
  push(repository, 'a', null, '1.2.3')
  expect(repository.versions).toEqual([])
  expect(repository.tagNames.all).toEqual(['1.2.3'])
  expect(repository.holdsPacks).toBe(false)
})

test('a manifest that goes takes its tags along', () => {
  const repository = kubernetes()
  repository.apply({ do: 'remove', repository: 'kubernetes', digest: digest('c'), at: '', by: 'admin' })
  expect(repository.find('1.32.4')).toBeUndefined()
  expect(repository.find(digest('c'))).toBeUndefined()
})

test('the one change that a repository is shortened to makes it again', () => {
  const repository = kubernetes()
  repository.apply({ do: 'link', repository: 'kubernetes', digest: digest('f'), bytes: 7 })
  const again = new Repository('kubernetes')
  again.apply(repository.toChange())
  expect(again.versions).toEqual(repository.versions)
  expect(again.tagNames.all).toEqual(repository.tagNames.all)
  expect([...again.blobs]).toEqual([[digest('f'), 7]])
  expect(again.holdsPacks).toBe(true)
})

test('a list that somebody reads does not change under him', () => {
  const repository = kubernetes()
  const before = repository.versions
  push(repository, 'd', '1.35.0', '1.35.0')
  expect(before).toHaveLength(3)
  expect(repository.versions).toHaveLength(4)
})
