import { expect, test } from 'vitest'

import { findChangelog } from './changelog'

const find = (readme: string, texts: Record<string, string> = {}) =>
  findChangelog(readme, new Map(Object.entries(texts)))

const CHART = [
  'name: a',
  'annotations:',
  '  artifacthub.io/changes: |',
  '    - Plain words',
  '    - kind: fixed',
  '      description: A slip',
  '      links: [{name: "Issue [1]", url: https://example.org/1}, {name: x, url: "javascript:alert(1)"}]',
].join('\n')

test('a file of the pack comes before one of a chart, that before the annotation, that before the README', () => {
  const readme = '# A\n\n## Changelog\n\n- of the README\n\n### 1.0\n\nmore\n\n## License\n\nMIT\n'
  const chart = { 'charts/a.tgz/Chart.yaml': CHART }
  const ofChart = { ...chart, 'charts/a.tgz/CHANGELOG.md': '# Of the chart\n' }
  expect(find(readme, { ...ofChart, 'CHANGELOG.md': '# Of the pack\n' })?.text).toBe('# Of the pack\n')
  expect(find(readme, ofChart)?.from).toBe('charts/a.tgz/CHANGELOG.md')
  expect(find(readme, chart)).toEqual({
    from: 'charts/a.tgz/Chart.yaml',
    text: '- Plain words\n- **Fixed:** A slip ([Issue 1](https://example.org/1))',
    isCut: false,
  })
  expect(find(readme)).toMatchObject({ from: 'README.md', text: expect.stringContaining('- of the README') })
  expect(find(readme)?.text).toContain('more')
  expect(find(readme)?.text).not.toContain('License')
})

test('a pack that tells nothing has none, and a long one is cut and says so', () => {
  expect(
    find('# A\n\nNo word of what changes.\n', { 'Chart.yaml': 'annotations: {artifacthub.io/changes: "{"}' }),
  ).toBeNull()
  expect(find('', { 'CHANGELOG.md': 'x'.repeat(200_000) })).toMatchObject({ isCut: true })
})
