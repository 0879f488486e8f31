import { expect, test } from 'vitest'

import { ownPath } from './own-path'

test('a path of the console stays, with its search', () => {
  expect(ownPath('/packs?layer=cni&q=a%20b')).toBe('/packs?layer=cni&q=a%20b')
  expect(ownPath('/')).toBe('/')
})

test('nothing leads to another site, however it is written', () => {
  for (const text of [
    ...['//evil.example', '/\\evil.example', '/\t/evil.example', '/\n/evil.example', '/\r\\evil.example'],
    ...[
      'https://evil.example',
      'javascript:alert(1)',
      'evil.example',
      '/..//evil.example',
      '/./\\evil.example',
    ],
    ...['', undefined, ['/packs']],
  ])
    expect(ownPath(text), JSON.stringify(text)).toBe('/')
})

test('what no header may hold is gone', () => {
  expect(ownPath('/packs\r\nSet-Cookie: a=b')).toBe('/packsSet-Cookie:%20a=b')
})
