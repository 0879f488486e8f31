import { expect, test } from 'vitest'

import { pathAt } from './path-at'

const TEXT = `# values
pack:
  namespace: "x"
charts:
  cilium:
    # sizes
    ipam:
      pools:
        - cidr: 10.0.0.0/8
          mask: 24
        - cidr: x
      list:
      - a
      - name: y
        "quoted.key": z

    enabled: true
top: 1
`
const lines = TEXT.split('\n')
const at = (needle: string) => {
  const line = lines.findIndex((one) => one.includes(needle)) + 1
  return pathAt((n) => lines[n - 1] ?? '', line).path.join('.')
}

test('each line is told by the keys above it', () => {
  expect(at('namespace')).toBe('pack.namespace')
  expect(at('cidr: 10')).toBe('charts.cilium.ipam.pools.$[].cidr')
  expect(at('mask')).toBe('charts.cilium.ipam.pools.$[].mask')
  expect(at('cidr: x')).toBe('charts.cilium.ipam.pools.$[].cidr')
  expect(at('enabled')).toBe('charts.cilium.enabled')
  expect(at('top')).toBe('top')
})

test('items that stand as far left as their list are its items', () => {
  expect(at('- name: y')).toBe('charts.cilium.ipam.list.$[].name')
  expect(at('quoted')).toBe('charts.cilium.ipam.list.$[].quoted.key')
})

test('a line without a key stands below what it is indented under', () => {
  const text = ['a:', '  b:', '    ', '  c: 1', '    ']
  const path = (line: number) => pathAt((n) => text[n - 1] ?? '', line)
  expect(path(3)).toEqual({ path: ['a', 'b'], hasKey: false })
})
