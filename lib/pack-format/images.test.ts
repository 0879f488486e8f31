import { expect, test } from 'vitest'

import { findImages } from './images'

const find = (values: string, texts: Record<string, string> = {}) =>
  findImages(values, new Map(Object.entries(texts))).map(({ image, from }) => `${image} ${from}`)
const SHA = `sha256:${'a'.repeat(64)}`

test('what the values list under pack.content comes first', () => {
  const values = `pack:\n  content:\n    images:\n    - image: quay.io/x/y:1.2\n    - docker.io/z@${SHA}\n`
  expect(find(values)).toEqual(['quay.io/x/y:1.2 pack.content', `docker.io/z@${SHA} pack.content`])
})

test('manifests and templates name images plainly, in YAML and JSON; what is put together is not', () => {
  const manifest = [
    'containers:',
    '- image: "nginx:1.27"',
    '  - image: ghcr.io/a/b:2 # the second',
    '  image: {{ .Values.image }}',
    '  image: "{{ .Values.a }}:1"',
    '  imagePullPolicy: Always',
    '# image: commented/out:1',
  ].join('\n')
  expect(find('', { 'manifests/a.yaml': manifest, 'b.json': '  "image": "redis:8",\n' })).toEqual([
    'nginx:1.27 manifests/a.yaml',
    'ghcr.io/a/b:2 manifests/a.yaml',
    'redis:8 b.json',
  ])
})

test('registry, repository, tag and digest of the values of a chart are one image', () => {
  const texts = {
    'charts/a.tgz/Chart.yaml': 'name: a\nappVersion: "1.9"\n',
    'charts/a.tgz/values.yaml': [
      'image: {registry: quay.io, repository: a/b, tag: "2.0"}',
      'sidecar: {image: {repository: c/d, tag: ""}}',
      `init: {image: {repository: e/f, tag: "1", digest: "${SHA}"}}`,
      'plainImage: g.io/h:3',
      'chart: {repository: https://charts.example.org, name: x}',
    ].join('\n'),
  }
  const from = 'charts/a.tgz/values.yaml'
  expect(find('', texts)).toEqual([
    `quay.io/a/b:2.0 ${from}`,
    `c/d:1.9 ${from}`,
    `e/f:1@${SHA} ${from}`,
    `g.io/h:3 ${from}`,
  ])
})

test('what the pack sets is meant, and not what its chart would take', () => {
  const texts = {
    'charts/a.tgz/Chart.yaml': 'name: a\n',
    'charts/a.tgz/values.yaml': 'image: {repository: a/b, tag: "1.0"}\n',
    'charts/a.tgz/charts/c.tgz/Chart.yaml': 'name: c\n',
    'charts/a.tgz/charts/c.tgz/values.yaml': 'image: {repository: c/d, tag: "1.0"}\n',
  }
  const values = 'charts:\n  a:\n    image: {tag: "1.1"}\n    c: {image: {tag: "7"}}\n'
  expect(find(values, texts)).toEqual([
    'a/b:1.1 charts/a.tgz/values.yaml',
    'c/d:7 charts/a.tgz/charts/c.tgz/values.yaml',
  ])
})

test("a tag that is guessed from the chart's appVersion gives way to what the pack lists", () => {
  const texts = {
    'charts/a.tgz/Chart.yaml': 'name: a\nappVersion: 1.9.0\n',
    'charts/a.tgz/values.yaml': 'image: {repository: a/b}\nother: {image: {repository: c/d}}\n',
  }
  expect(find('pack: {content: {images: [{image: "a/b:v1.9.0"}]}}', texts)).toEqual([
    'a/b:v1.9.0 pack.content',
    'c/d:1.9.0 charts/a.tgz/values.yaml',
  ])
})

test('each image is told once, of a thousand five hundred, and what is none not at all', () => {
  const many = Array.from({ length: 1_000 }, (_, i) => `image: r/i:${i % 700}`).join('\n')
  expect(find('', { 'a.yaml': many })).toHaveLength(500)
  expect(
    find('image: NOT AN IMAGE\nmanifests: {a: {image: "http://x/y"}}', { 'a.yaml': 'image: Upper/Case' }),
  ).toEqual([])
})

test('keys of prototypes are keys like any other', () => {
  const texts = {
    'Chart.yaml': 'name: __proto__\n',
    'values.yaml': 'constructor: {image: {repository: a/b, tag: "1"}}',
  }
  expect(find('charts:\n  __proto__: {toString: {image: x/y:1}}\n', texts)).toEqual(
    expect.arrayContaining(['a/b:1 values.yaml']),
  )
})
