import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const CHARTS = 'tools/sample-packs/charts'

const chartTemplates = readdirSync(CHARTS).flatMap((chart) =>
  readdirSync(join(CHARTS, chart, 'templates')).map((file) => join(CHARTS, chart, 'templates', file)),
)

const manifests = readdirSync('packs').flatMap((pack) =>
  readdirSync(join('packs', pack))
    .filter((name) => name === 'manifests')
    .flatMap((folder) =>
      readdirSync(join('packs', pack, folder)).map((file) => join('packs', pack, folder, file)),
    ),
)

const STRING = /"(?:[^"\\\n]|\\.)*"|`[^`]*`/g

/**
 * What is wrong with a Go template as far as its grammar goes: actions that do not close, blocks without an end,
 * parentheses and quotes that do not pair.
 *
 * @see https://pkg.go.dev/text/template#hdr-Actions
 */
function faultsIn(template: string): string[] {
  const faults: string[] = []
  const open: string[] = []
  let rest = template
  for (let start = rest.indexOf('{{'); start >= 0; start = rest.indexOf('{{')) {
    if (rest.slice(0, start).includes('}}')) faults.push('}} without {{')
    rest = rest.slice(start)
    const action =
      /^\{\{(?:- )?((?:\/\*[\s\S]*?\*\/)|(?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|(?!\{\{|\}\})[^"`])*?)\s*-?\}\}/.exec(
        rest,
      )
    if (!action) return [...faults, `an action does not close: ${rest.slice(0, 60)}`]
    rest = rest.slice(action[0].length)
    const body = (action[1] ?? '').trim()
    if (body.startsWith('/*')) continue
    const words = body.replaceAll(STRING, '""')
    if (words.split('(').length !== words.split(')').length) faults.push(`parentheses do not pair: ${body}`)
    const keyword = /^(if|range|with|define|block|else|end)\b/.exec(words)?.[1]
    if (keyword === 'end') {
      if (!open.pop()) faults.push('an end without a beginning')
    } else if (keyword === 'else') {
      if (open.length === 0) faults.push('an else outside of any block')
    } else if (keyword) open.push(body)
    else if (words === '') faults.push('an empty action')
  }
  if (rest.includes('}}')) faults.push('}} without {{')
  return [...faults, ...open.map((body) => `no end for: ${body}`)]
}

test('each chart template and manifest is a Go template whose actions and blocks close', () => {
  expect(chartTemplates.length).toBeGreaterThanOrEqual(25)
  expect(manifests.length).toBeGreaterThanOrEqual(6)
  for (const file of [...chartTemplates, ...manifests])
    expect(faultsIn(readFileSync(file, 'utf8')), file).toEqual([])
})

test('each template that is included is defined in the same chart', () => {
  for (const chart of readdirSync(CHARTS)) {
    const text = chartTemplates
      .filter((file) => file.startsWith(`${join(CHARTS, chart)}/`))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
    const defined = new Set([...text.matchAll(/\{\{-? define "([^"]+)"/g)].map(([, name]) => name))
    for (const [, name] of text.matchAll(/include "([^"]+)"/g)) expect(defined, chart).toContain(name)
  }
})

test('what is wrong with a template is found', () => {
  expect(faultsIn('a: {{ .Values.a')).toHaveLength(1)
  expect(faultsIn('{{ if .a }}x')).toEqual(['no end for: if .a'])
  expect(faultsIn('{{ end }}')).toEqual(['an end without a beginning'])
  expect(faultsIn('{{ else }}')).toEqual(['an else outside of any block'])
  expect(faultsIn('{{ default (printf "(%s" .a }}')).toHaveLength(1)
  expect(faultsIn('{{ "a }}')).toHaveLength(1)
  expect(faultsIn('a }}')).toEqual(['}} without {{'])
  expect(faultsIn('{{- with .a }}{{ . | quote }}{{- else }}{{/* "none */}}{{- end }}')).toEqual([])
})
