import { expect, test } from 'vitest'

import { initialsOf } from './initials'

test.each([
  ['Cert Manager', 'CM'],
  ['cilium', 'Ci'],
  ['kube-state-metrics', 'KS'],
  ['MongoDB', 'MD'],
  ['K', 'K'],
  ['3scale', '3s'],
  ['Ubuntu 24.04', 'U2'],
  ["Let's Encrypt", 'LE'],
  ['Élan vital', 'ÉV'],
  ['E\u0301lan', 'E\u0301l'],
  ['カリコ', 'カリ'],
  ['مرحبا', 'مر'],
  ['𝔘𝔟', '𝔘𝔟'],
  ['🚀 Rocket', 'Ro'],
  ['<script>alert(1)</script>', 'SA'],
  ['🚀🚀', '?'],
  ['', '?'],
])('%s is marked %s', (name, mark) => {
  expect(initialsOf(name)).toBe(mark)
})

test('a mark is two letters at most, whatever the name holds', () => {
  for (const name of [
    'a'.repeat(1e6),
    '\u0301'.repeat(1e5),
    `Z${'\u0301'.repeat(1e5)}`,
    '\ud800\udc00'.repeat(1e5),
    'ß',
    'ŉ x',
    '\u202eevil',
  ])
    expect([...initialsOf(name)].length).toBeLessThanOrEqual(4)
})
