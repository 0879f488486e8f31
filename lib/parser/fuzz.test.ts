import { gzipSync } from 'node:zlib'

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mutated } from '../../tests/hostile-bytes/mutated'
import { rawTar } from '../../tests/hostile-bytes/raw-tar'
import { PackError } from '../pack-format/archive'
import { BadFrames, readFrames } from '../pack-format/content-frames'
import { logoType } from '../pack-format/logo'
import { readOciManifest } from '../pack-format/oci'
import { findYamlProblems } from '../pack-format/yaml-problems'
import { type Answer, doWork, type Kind, type Work } from './work'

/** PACKYARD_FUZZ_RUNS=1000000 draws more; a failure prints its seed, which PACKYARD_FUZZ_SEED repeats. */
const numRuns = Number(process.env.PACKYARD_FUZZ_RUNS ?? 1_000)
const seed = process.env.PACKYARD_FUZZ_SEED ? Number(process.env.PACKYARD_FUZZ_SEED) : undefined
const options = { numRuns, ...(seed !== undefined && { seed }) }
const MINUTES = 60_000
const timeout = Math.max(2, numRuns / 1_000) * MINUTES

const of = (...texts: string[]) => texts.map((text) => Buffer.from(text))
const MANIFEST = Buffer.from(
  '{"name":"a","displayName":"A","version":"1.0.0","layer":"addon","annotations":{"source":"x"},"charts":["charts/a.tgz"],' +
    '"constraints":{"dependencies":[{"packName":"k8s","layer":"k8s","minVersion":"1.2","type":"required"}]},"x":[1.5,null]}',
)
const PRESETS = of(
  'presets:\n- name: a\n  group: g\n  remove: [a.b, "c"]\n  add: |\n    a: &x {b: 1}\n    c: *x\n',
)
const SCHEMA = of(
  'a.$[].b:\n  schema: \'{{ required | format "${number:[1-5]}" | hints "a" "b" }}\'\nc:\n  schema: "{{ format \\"${string:/^[a-z]{1,3}$/}\\" }}"\n',
  '{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"a":{"pattern":"^(a+)+$"}}}',
)
const CHART = of(
  'apiVersion: v2\nname: a\nversion: 1.0.0+b\nicon: data:image/png;base64,iVBORw0KGgo=\nkeywords: [a]\nmaintainers:\n- name: m\ndependencies:\n- {name: d, version: ">1"}\nannotations: {category: db}\n',
)
const VALUES = of('# of a\na: 1\nb:\n  - c: "d"\n', '---\n# a\na: |\n  b\n...\n', '{a: 1, b: [c]}\n')
const LOGO = [
  Buffer.from('89504e470d0a1a0a0000000d4948445200000010000000100806', 'hex'),
  Buffer.from('ffd8ffe00004010affc0001108010001000301', 'hex'),
  ...of(
    'GIF89a\x10\x00\x10\x00',
    'RIFF0000WEBPVP8X0000\x10\0\0\0\x10\0\0\x10\0\0',
    '<?xml version="1.0"?><!-- a --><svg x="y">',
  ),
]
const TAR = rawTar([
  { name: 'x/pack.json', content: MANIFEST },
  { name: 'x/Chart.yaml', content: CHART[0] as Buffer },
  { name: 'x/values.yaml', content: VALUES[0] as Buffer },
])

/** It is read, or refused in one of the ways that are meant. */
function expectMeant(answer: Answer): void {
  if ('unreadable' in answer) expect(answer.unreadable).not.toMatch(/^Its files cannot be read/)
}
const run = (property: fc.IAsyncProperty<unknown>) => fc.assert(property, options)
const works = <K extends Kind>(kind: K, input: fc.Arbitrary<Work[K]['input']>) =>
  run(fc.asyncProperty(input, async (one) => expectMeant(await doWork(kind, one))))

test(
  'no pack.json that was changed at random is met by an error of our own',
  () => works('facts', fc.record({ manifest: mutated([MANIFEST]) })),
  timeout,
)

test(
  'no presets, schema or logo that was changed at random is met by an error of our own',
  () =>
    works(
      'facts',
      fc.record({
        manifest: fc.constant(MANIFEST),
        presets: mutated(PRESETS),
        schema: mutated(SCHEMA),
        logo: mutated(LOGO),
      }),
    ),
  timeout,
)

test(
  'no values that were changed at random are met by an error of our own when they are compared',
  () => {
    const manifest = JSON.parse(MANIFEST.toString())
    const facts = (values: Uint8Array) =>
      Buffer.from(
        JSON.stringify({ values: Buffer.from(values).toString(), manifest, presets: [], schema: [] }),
      )
    const texts = mutated([...VALUES, ...PRESETS, ...CHART])
    return works('changes', fc.record({ left: texts.map(facts), right: texts.map(facts) }))
  },
  timeout,
)

test(
  'no archive of a pack that was changed at random is met by an error of our own',
  () =>
    works(
      'pack',
      fc.record({
        file: fc.constant('a.tgz'),
        bytes: fc.oneof(mutated([TAR]), mutated([TAR]).map(gzipped), mutated([gzipped(TAR)])),
      }),
    ),
  timeout,
)

test(
  'no files of a pack that were changed at random are met by an error of our own',
  () =>
    works(
      'files',
      fc.record({
        form: fc.constantFrom('rest' as const, 'pack' as const, 'chart' as const),
        file: fc.constant('x.tgz'),
        bytes: mutated([TAR, rawTar([{ name: 'charts/a.tgz', content: gzipSync(TAR) }])]),
        values: mutated(VALUES),
        readme: mutated(of('# A\n\n## Changelog\n\n- x\n')),
      }),
    ),
  timeout,
)

test(
  'no chart that was changed at random is met by an error of our own',
  () =>
    works(
      'chart',
      fc.record({
        file: fc.constant('a.tgz'),
        bytes: fc.oneof(
          mutated([TAR]).map(gzipped),
          mutated([gzipped(TAR)]),
          fc.tuple(mutated(CHART), mutated(VALUES)).map(([chart, values]) =>
            gzipped(
              rawTar([
                { name: 'x/Chart.yaml', content: chart },
                { name: 'x/values.yaml', content: values },
              ]),
            ),
          ),
        ),
      }),
    ),
  timeout,
)

const gzipped = (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { level: 1 })

test(
  'no YAML that was changed at random is met by an error of our own in an editor',
  () =>
    fc.assert(
      fc.property(mutated([...VALUES, ...PRESETS, ...SCHEMA, ...CHART]), (bytes) => {
        for (const one of ['one', 'many'] as const) findYamlProblems(Buffer.from(bytes).toString(), one)
      }),
      options,
    ),
  timeout,
)

const DIGEST = `sha256:${'0'.repeat(64)}`
const OCI = of(
  `{"schemaVersion":2,"artifactType":"application/vnd.packyard.pack.v1","config":{"mediaType":"application/vnd.packyard.pack.manifest.v1+json","digest":"${DIGEST}","size":2},"layers":[]}`,
)
const FRAMES = of(`{"blob":"${DIGEST}","size":3}\nabc{"pack":"a","digest":"${DIGEST}"}\n{"end":true}\n`)

test(
  'no manifest that was changed at random is met by an error of our own',
  () =>
    fc.assert(
      fc.property(mutated(OCI), (bytes) => {
        try {
          readOciManifest(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(PackError)
        }
      }),
      options,
    ),
  timeout,
)

test(
  'no answer with many contents that was changed at random is met by an error of our own',
  () =>
    run(
      fc.asyncProperty(mutated(FRAMES), async (bytes) => {
        try {
          for await (const frame of readFrames(inPieces(bytes), 1024)) expect(frame.is).toBeTruthy()
        } catch (error) {
          expect(error).toBeInstanceOf(BadFrames)
        }
      }),
    ),
  timeout,
)

async function* inPieces(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
}

test(
  'no logo that was changed at random is met by an error, or is what nobody knows',
  () =>
    fc.assert(
      fc.property(mutated(LOGO), (bytes) => {
        expect([null, 'image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml']).toContain(
          logoType(bytes),
        )
      }),
      options,
    ),
  timeout,
)
