import { expect, test } from 'vitest'

import { placeOf, readLink } from './readme-links'

test('relative links are files of the pack, from where the README stands', () => {
  expect(readLink('docs/a%20b.md#part')).toEqual({ to: 'file', path: 'docs/a b.md' })
  expect(readLink('./x/../y.png?raw=true')).toEqual({ to: 'file', path: 'y.png' })
  expect(readLink('../values.yaml', 'charts/a.tgz/README.md')).toEqual({
    to: 'file',
    path: 'charts/values.yaml',
  })
  expect(readLink('/LICENSE', 'docs/x.md')).toEqual({ to: 'file', path: 'LICENSE' })
})

test('what leads out of the pack, or nowhere that is followed, is no link', () => {
  for (const href of [
    ...[
      '../../etc/passwd',
      '..',
      '.',
      '',
      'javascript:alert(1)',
      'JavaScript:alert(1)',
      'data:text/html,x',
      '//evil.example',
    ],
    ...[
      'file:///etc/passwd',
      'C:\\x',
      'a\\b',
      '%00',
      '%',
      'vbscript:x',
      'mailto:a@b.c',
      'https://',
      'x'.repeat(2000),
    ],
  ])
    expect(readLink(href), href).toBeNull()
})

test('links to the web are those of http alone, and places are headings', () => {
  expect(readLink('HTTPS://example.org/a')).toEqual({ to: 'web', href: 'HTTPS://example.org/a' })
  expect(readLink('#Getting%20Started')).toEqual({ to: 'place', id: placeOf('Getting Started') })
  expect(placeOf("What's new?")).toBe('readme-whats-new')
})
