import Markdown from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { expect, test } from 'vitest'

import { README, SLOW_READMES } from '../../tests/hostile-bytes/readmes'
import { piecesOf } from './readme-pieces'

const KIB = 1024
const words = (text: string) => text.split(/\s+/).filter(Boolean)

test('a text that people wrote is one piece, and stays as it is', () => {
  const text =
    '# A\n\nText with *stars*.\n\n- one\n\n  more of one\n- two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n```yaml\na:\n\n  b: 1\n```'
  expect(piecesOf(text).map((one) => one.trim())).toEqual([text])
  expect(piecesOf('')).toEqual([])
  expect(piecesOf('\n\n \n')).toEqual([])
})

test('a long text comes in pieces that together say all of it, cut at blank lines and never in code', () => {
  const part = (i: number) =>
    `## Part ${i}\n\n${'Some words. '.repeat(60)}\n\n\`\`\`sh\nrun ${i}\n\nend ${i}\n\`\`\``
  const text = Array.from({ length: 100 }, (_, i) => part(i)).join('\n\n')
  const pieces = piecesOf(text)
  expect(pieces.length).toBeGreaterThan(4)
  expect(Math.max(...pieces.map((one) => one.length))).toBeLessThan(40 * KIB)
  expect(words(pieces.join('\n'))).toEqual(words(text))
  for (const one of pieces) expect(one.split('```').length % 2).toBe(1)
})

test('a reference is found in every piece, wherever it is defined', () => {
  const pieces = piecesOf(
    `${'A [link][1] and a note[^a].\n\n'.repeat(2_000)}[1]: https://good.example\n\n[^a]: Of mine.`,
  )
  expect(pieces.length).toBeGreaterThan(2)
  for (const one of pieces) {
    expect(one).toContain('[1]: https://good.example')
    expect(one).toContain('[^a]: Of mine.')
  }
})

test('code and a table that are larger than a piece go on as what they are', () => {
  const code = piecesOf(`~~~yaml\n${'key: value\n'.repeat(20_000)}~~~`)
  expect(code.length).toBeGreaterThan(4)
  for (const one of code) expect(one.trim()).toMatch(/^~~~yaml\n.*\n~~~$/s)
  expect(words(code.join('\n')).filter((word) => word === 'key:')).toHaveLength(20_000)
  expect(piecesOf(`| a | b |\n| - | - |\n${'| 1 | 2 |\n'.repeat(1_000)}`)[0]).toMatch(/^\| a/)
})

test.each(Object.entries(SLOW_READMES))('%s is read in no time, whole or as it stands', (_, text) => {
  const pieces = piecesOf(text.slice(0, 256 * KIB))
  expect(Math.max(...pieces.map((one) => one.length))).toBeLessThan(64 * KIB)
  let most = 0
  for (const one of pieces) {
    const began = performance.now()
    Markdown({ children: one, remarkPlugins: [remarkGfm] })
    most = Math.max(most, performance.now() - began)
  }
  // A fraction of a second; a busy machine takes its time. As they were, these took from seconds to for ever.
  expect(most).toBeLessThan(5_000)
})

test('what means harm is no more than text either way', () => {
  expect(words(piecesOf(README).join('\n')).length).toBeGreaterThanOrEqual(words(README).length)
})
