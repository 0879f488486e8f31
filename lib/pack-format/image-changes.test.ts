import { expect, test } from 'vitest'

import { compareImages, listedImages } from './image-changes'

test('the images that the values list are read, and nothing else', () => {
  const values = { pack: { content: { images: [{ image: 'a/b:1' }, { image: 'a/b:1' }, {}, 7, 'c:2'] } } }
  expect(listedImages(values)).toEqual(['a/b:1', 'c:2'])
  expect([listedImages(null), listedImages({ pack: { content: [] } })]).toEqual([[], []])
})

test('an image with another tag has changed; others are added or removed', () => {
  const left = ['registry:5000/a:1.0', 'x/gone:1', 'same:1']
  const right = ['same:1', 'registry:5000/a:1.1@sha256:00', 'x/come:1']
  expect(compareImages(left, right)).toEqual({
    added: ['x/come:1'],
    removed: ['x/gone:1'],
    changed: [{ name: 'registry:5000/a', from: '1.0', to: '1.1@sha256:00' }],
  })
})
