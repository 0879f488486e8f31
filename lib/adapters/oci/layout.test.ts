import { expect, test } from 'vitest'

import type { OciSettings } from '../schema'
import { placesAmong, placesPath } from './layout'

const settings = (given: Partial<OciSettings> = {}): OciSettings => ({
  ...{ providerType: 'pack', baseContentPath: '', basePath: '', repositories: [], tokenServer: '' },
  ...given,
})
const paths = (repositories: string[], given?: Partial<OciSettings>) =>
  placesAmong(repositories, settings(given)).map((one) => one.path)

const ALL = [
  ...['spectro-packs/archive', 'spectro-packs/archive/a', 'spectro-packs/archive/a/deeper', 'a'],
  ...[
    'team/spectro-packs/archive/b',
    'teams/spectro-packs/archive/c',
    'team/charts/web',
    'team/web',
    'team/x',
  ],
]

test('packs lie under the packs path of the base, one part below it', () => {
  expect(paths(ALL)).toEqual(['spectro-packs/archive/a'])
  expect(paths(ALL, { baseContentPath: 'team' })).toEqual(['team/spectro-packs/archive/b'])
  expect(placesPath(settings({ baseContentPath: 'team' }))).toBe('team/spectro-packs/archive')
})

test('where nothing lies there, what lies directly under the base may be a pack, and has to prove it', () => {
  expect(placesAmong(['a', 'b', 'c/d'], settings())).toEqual([
    { path: 'a', name: 'a', isOurs: false },
    { path: 'b', name: 'b', isOurs: false },
  ])
})

test('charts lie anywhere under the base, and of two of one name the first by path is taken', () => {
  expect(paths(ALL, { providerType: 'helm', baseContentPath: 'team' })).toEqual([
    ...['team/charts/web', 'team/spectro-packs/archive/b', 'team/x'],
  ])
})

test('named repositories are read and no others, whatever the base', () => {
  expect(placesAmong(ALL, settings({ baseContentPath: 'team', repositories: ['other/place/z'] }))).toEqual([
    { path: 'other/place/z', name: 'z', isOurs: true },
  ])
})
