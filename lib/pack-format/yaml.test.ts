import { expect, test } from 'vitest'

import { parseYaml, YAML_LIMITS } from './yaml'

test('plain values are read, an empty text is nothing', () => {
  expect(parseYaml('a: 1\nb: [x, "y"]\n')).toEqual({ a: 1, b: ['x', 'y'] })
  expect(parseYaml('')).toBeNull()
  expect(parseYaml('# only a comment\n')).toBeNull()
})

test('what is wrong is said with its line', () => {
  expect(() => parseYaml('a: 1\nb: [1, 2\n')).toThrow(/^line \d/)
  expect(() => parseYaml('a: 1\na: 2\n')).toThrow(/line 2/)
  expect(() => parseYaml('a: 1\n---\nb: 2\n')).toThrow(/more than one document/)
})

test('bombs are refused before they cost anything', () => {
  const started = Date.now()
  const aliases = `a: &a [x,x]\n${'bcdefghijk'.replaceAll(/./g, (k) => `${k}: &${k} [*${String.fromCharCode(k.charCodeAt(0) - 1)},*${String.fromCharCode(k.charCodeAt(0) - 1)}]\n`)}`
  const deepBlock = Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')
  for (const text of [
    '['.repeat(10_000),
    '{a: '.repeat(10_000),
    deepBlock,
    `x: ${'y'.repeat(YAML_LIMITS.bytes)}`,
  ])
    expect(() => parseYaml(text)).toThrow()
  try {
    parseYaml(aliases.repeat(1) + '\n'.repeat(1))
  } catch (error) {
    expect(error).toBeInstanceOf(Error)
  }
  expect(Date.now() - started).toBeLessThan(5000)
})

test('a key named __proto__ changes no object', () => {
  const read = parseYaml('__proto__:\n  polluted: true\nconstructor: {a: 1}\n') as object
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  expect(Object.hasOwn(read, 'constructor')).toBe(true)
})

test('a map of very many keys is read in about the time that a list of as many takes', () => {
  const timed = (text: string) => {
    const started = performance.now()
    const data = parseYaml(text)
    return { data, ms: performance.now() - started }
  }
  const of = (line: (i: number) => string) => Array.from({ length: 20_000 }, (_, i) => line(i)).join('')
  const [map, list] = [timed(of((i) => `k${i}: 1\n`)), timed(of((i) => `- k${i}: 1\n`))]
  expect(Object.keys(map.data as object)).toHaveLength(20_000)
  expect(map.ms).toBeLessThan(list.ms * 3)
})

test('the second of two equal keys is told with its line, however many there are', () => {
  const text = Array.from({ length: 1_000 }, (_, i) => `k${i}: 1\n`).join('')
  expect(() => parseYaml(`a:\n  b: 1\n${text}k7: 2\n`)).toThrow('line 1003: Map keys must be unique')
  expect(() => parseYaml('a: {b: 1, c: 2, "b": 3}\n')).toThrow('line 1: Map keys must be unique')
})
