import { expect, test } from 'vitest'

import { normaliseEndpoint } from './endpoint'

test('every spelling that people use comes out as one', () => {
  for (const [typed, normal] of [
    ['registry.example.com', 'https://registry.example.com'],
    ['registry.example.com:5000', 'https://registry.example.com:5000'],
    ['https://Registry.Example.com/', 'https://registry.example.com'],
    ['https://registry.example.com:443/v1/', 'https://registry.example.com'],
    ['http://localhost:5001/v2', 'http://localhost:5001'],
    ['  http://127.0.0.1:5001  ', 'http://127.0.0.1:5001'],
    ['https://host/some/path/v1', 'https://host/some/path'],
    ['[::1]:5000', 'https://[::1]:5000'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['localhost:5001', 'https://localhost:5001'],
  ] as const)
    expect([typed, normaliseEndpoint(typed)]).toEqual([typed, normal])
})

test('a normal endpoint stays as it is', () => {
  for (const one of ['https://a.b', 'http://a:1', 'https://a/x'])
    expect(normaliseEndpoint(normaliseEndpoint(one))).toBe(one)
})

test('what is no address of a registry is refused with a sentence', () => {
  for (const typed of [
    ...[
      '',
      ' ',
      'ftp://x',
      'javascript:alert(1)',
      'file:///etc/passwd',
      'https://',
      'https://a b',
      'https://u:p@host',
    ],
    ...[
      'https://host?x=1',
      'https://host#x',
      'a'.repeat(3000),
      'https://host\\evil',
      'user@host',
      'https://a\nb',
    ],
  ])
    expect(() => normaliseEndpoint(typed)).toThrow(/\.$/)
})

test('the folder of a chart repository keeps its name, whatever it is', () => {
  expect(normaliseEndpoint('charts.example.com/stable/v2/', 'helm')).toBe(
    'https://charts.example.com/stable/v2',
  )
  expect(normaliseEndpoint('charts.example.com/stable/v2/', 'oci')).toBe('https://charts.example.com/stable')
})
