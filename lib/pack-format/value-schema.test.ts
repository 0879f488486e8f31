import { expect, test } from 'vitest'

import { parsePresets } from './presets'
import { parseValueSchema } from './value-schema'

const rule = (template: string) => parseValueSchema(`a.b: { schema: '${template}' }`)[0]

test('required and readonly are words of the template, not of its hints', () => {
  expect(rule('{{ required }}')).toMatchObject({ name: 'a.b', required: true, readonly: false, type: '' })
  expect(rule('{{ readonly }}')).toMatchObject({ readonly: true })
  expect(rule('{{ format "${string}" | hints "required" "x" }}')).toMatchObject({
    required: false,
    hints: ['required', 'x'],
  })
})

test('a format tells type, pattern and choices', () => {
  expect(rule('{{ format "${number:[5000-5005]}" }}')).toMatchObject({ type: 'number', regex: '' })
  expect(rule('{{ required | format "${string:/^([a-z0-9].*)$/}" }}')).toMatchObject({
    type: 'string',
    regex: '^([a-z0-9].*)$',
    required: true,
  })
  expect(rule('{{ format "${string:/^0[0-7]{3}$/}" }}')).toMatchObject({
    type: 'string',
    regex: '^0[0-7]{3}$',
  })
  expect(rule('{{ format "${ipv4}/${number:[8-28]}" }}')).toMatchObject({ type: 'ipv4', regex: '' })
  expect(rule('{{ format "${list:[PACK, GIT,CHART]}" }}')).toMatchObject({
    type: 'list',
    listOptions: ['PACK', 'GIT', 'CHART'],
  })
  expect(rule('{{ format "${password}" }}')).toMatchObject({ type: 'password' })
})

test('unknown types, double spaces and empty files are read as they are', () => {
  expect(rule('{{ required  | format "${input}"}}')).toMatchObject({ type: 'input', required: true })
  expect(parseValueSchema('')).toEqual([])
  expect(parsePresets('')).toEqual([])
  expect(parsePresets('presets:\n')).toEqual([])
})

test('a preset names what it removes and adds', () => {
  const text = 'presets:\n  - name: small\n    group: Size\n    remove: [a.b]\n    add: |\n      a: 1\n'
  expect(parsePresets(text)).toEqual([
    { name: 'small', displayName: 'small', group: 'Size', remove: ['a.b'], add: 'a: 1\n' },
  ])
  expect(() => parsePresets('presets: nonsense')).toThrow()
})

test('the JSON Schema of a chart has no rule of ours', () => {
  for (const text of [
    '{"$schema": "http://json-schema.org/draft-07/schema#", "required": ["a"]}',
    ' {"type": "object", "properties": {"a": {"type": "string"}}}',
  ])
    expect(parseValueSchema(text)).toEqual([])
  expect(parseValueSchema('{"a.b": {"schema": "{{ required }}"}}')).toHaveLength(1)
})
