import { expect, test } from 'vitest'

import { parseReference } from './pack-reference'

const digest = `sha256:${'0a'.repeat(32)}`

test('a pack is named alone, by tag or by digest', () => {
  expect(parseReference('nginx')).toEqual({ name: 'nginx', target: undefined })
  expect(parseReference('nginx:1.33.x')).toEqual({ name: 'nginx', target: '1.33.x' })
  expect(parseReference('ubuntu:lts__14.4.3')).toEqual({ name: 'ubuntu', target: 'lts__14.4.3' })
  expect(parseReference(`nginx@${digest}`)).toEqual({ name: 'nginx', target: digest })
})

test('what names no pack is wrong use', () => {
  for (const text of [
    '',
    'Nginx',
    '../nginx',
    'a/b',
    'nginx:',
    'nginx:a b',
    'nginx@sha256:12',
    `nginx:1@${digest}`,
    ':1',
  ])
    expect(() => parseReference(text)).toThrow(expect.objectContaining({ code: 'wrong_use' }))
})
