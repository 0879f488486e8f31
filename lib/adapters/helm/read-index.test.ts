import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify, type ToStringOptions } from 'yaml'

import { parseYaml } from '../../pack-format/yaml'
import { type ListedVersion, listedVersion } from './listed-version'
import { readIndex } from './read-index'

async function* streamed(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** Reads a text in pieces of `size` bytes. */
async function read(text: string | Uint8Array, { size = 7, framed = true } = {}) {
  const versions: ListedVersion[] = []
  const found = readIndex(streamed(Buffer.from(text), size), framed)
  for (let next = await found.next(); ; next = await found.next()) {
    if (next.done) return { by: next.value, versions }
    versions.push(...next.value)
  }
}

/** What the YAML library makes of the same text. */
function byLibrary(text: string): ListedVersion[] {
  const { entries } = parseYaml(text) as { entries: Record<string, unknown> | null }
  return Object.entries(entries ?? {}).flatMap(([name, list]) =>
    (Array.isArray(list) ? list : []).flatMap((one) => listedVersion(name, one) ?? []),
  )
}

const short = (versions: ListedVersion[]) =>
  versions.map(({ name, version, urls }) => [name, version, ...urls])

const BY_HELM = `apiVersion: v1
entries:
  harbour-cranes:
  - apiVersion: v2
    appVersion: "7.1"
    created: "2026-03-04T05:06:07.123456789Z"
    dependencies:
    - condition: redis.enabled
      name: redis
      repository: https://charts.example.org
      version: 3.x.x
    description: Moves containers from ship to shore, one after the other, and says
      so in its log # not a comment: in it
    digest: 6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b
    icon: data:image/png;base64,iVBORw0KGgo=
    keywords:
    - cranes
    maintainers:
    - email: quay@example.org
      name: The quay
    name: harbour-cranes
    urls:
    - https://charts.example.org/harbour-cranes-2.0.0.tgz
    - https://mirror.example.org/harbour-cranes-2.0.0.tgz
    version: 2.0.0
  - created: "2025-03-04T05:06:07Z"
    digest: d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35
    name: harbour-cranes
    urls:
    - harbour-cranes-1.10.0.tgz
    version: 1.10.0+rev.3
  lighthouse:
  - annotations:
      changes: |
        - kind: added
          version: 9.9.9

        urls:
        - https://example.org/not-this.tgz
    deprecated: true
    description: 'It''s a light: on'
    digest: 4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce
    name: lighthouse
    urls:
    - "charts/lighthouse-0.1.0.tgz"
    version: "0.1.0"
generated: "2026-03-04T05:06:07Z"
serverInfo: {}
`

/** Another habit: lists indented, four columns, quoted keys, comments, nothing after the charts. */
const BY_HAND = `---
# Written by hand
generated: 2026-01-01T00:00:00Z
'apiVersion': v1

"entries":
    # The first
    "tide-table":   # tables
        -   "name": tide-table
            version: '1.0.0'   # the only one
            description: >-
                Says when the water comes,
                version: 8.8.8

            urls: ["https://example.org/a b.tgz", "second.tgz"]

        -
            version: 0.9.0
            urls:
                - "https://example.org/tide-table-0.9.0.tgz"
    empty: []
    nothing:
    gone: ~
    x.y_z:
        - version: 1.0.0-rc.1
          created: null
          urls: []
`

describe('an index is read in one pass', () => {
  test('as helm writes it: what looks like a key inside of texts and dependencies is none', async () => {
    const { by, versions } = await read(BY_HELM)
    expect(by).toBe('stream')
    expect(short(versions)).toEqual([
      [
        'harbour-cranes',
        '2.0.0',
        'https://charts.example.org/harbour-cranes-2.0.0.tgz',
        'https://mirror.example.org/harbour-cranes-2.0.0.tgz',
      ],
      ['harbour-cranes', '1.10.0+rev.3', 'harbour-cranes-1.10.0.tgz'],
      ['lighthouse', '0.1.0', 'charts/lighthouse-0.1.0.tgz'],
    ])
    expect(versions[0]).toMatchObject({
      digest: '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
      created: '2026-03-04T05:06:07.123456789Z',
    })
    expect(versions).toEqual(byLibrary(BY_HELM))
  })

  test('as people write it: indentation, quotes, comments, blank lines and other line ends do not matter', async () => {
    const expected = [
      ['tide-table', '1.0.0', 'https://example.org/a b.tgz', 'second.tgz'],
      ['tide-table', '0.9.0', 'https://example.org/tide-table-0.9.0.tgz'],
      ['x.y_z', '1.0.0-rc.1'],
    ]
    for (const text of [BY_HAND, BY_HAND.replaceAll('\n', '\r\n'), `\ufeff${BY_HAND}`, `${BY_HAND}...\n`]) {
      const { by, versions } = await read(text)
      expect(by).toBe('stream')
      expect(short(versions)).toEqual(expected)
    }
    expect((await read(BY_HAND)).versions).toEqual(byLibrary(BY_HAND))
  })

  test('in JSON, with braces and quotes inside of texts', async () => {
    const data = {
      apiVersion: 'v1',
      entries: {
        'a "quoted" } name': [{ version: '1.0.0', urls: ['a.tgz'], maintainers: [{ name: 'x]}"{[' }] }],
        b: [
          {
            version: '2.0.0',
            digest: 'd',
            created: 'c',
            urls: ['b.tgz'],
            entries: { c: [{ version: '3' }] },
          },
          null,
          { version: '2.1.0', urls: null },
        ],
        none: [],
      },
      generated: 'today',
    }
    for (const text of [
      JSON.stringify(data),
      JSON.stringify(data, null, 2),
      `\ufeff \n${JSON.stringify(data)}\n`,
    ])
      for (const size of [1, 13, 100_000]) {
        const { by, versions } = await read(text, { size })
        expect(by).toBe('stream')
        expect(versions).toEqual(byLibrary(JSON.stringify(data)))
      }
  })

  test('where it is empty', async () => {
    for (const text of [
      'apiVersion: v1\nentries: {}\n',
      'entries:\n',
      'entries: null',
      '{"entries":{}}',
      '{"entries":null}',
    ])
      expect((await read(text)).versions).toEqual([])
  })
})

test('what the reader does not follow is left to the YAML library, whole', async () => {
  const forms = [
    'entries:\n  a:\n  - &one\n    version: 1.0.0\n    urls: &list [x.tgz]\n  b:\n  - <<: *one\n    version: 2.0.0\n',
    'entries:\n  a:\n  - version: !!str 1.0.0\n    urls: [x.tgz]\n  b:\n  - {version: 2.0.0, urls: [x.tgz]}\n',
    'entries: {a: [{version: 1.0.0, urls: [x.tgz]}], b: [{version: 2.0.0, urls: [x.tgz]}]}\n',
    '{entries: {a: [{version: 1.0.0, urls: [x.tgz]}], b: [{version: 2.0.0, urls: [x.tgz]}]}}',
    'entries:\n  a:\n  - version: >-\n      1.0.0\n    urls:\n    - |-\n      x.tgz\n  b:\n  - version:\n      2.0.0\n    urls:\n    -\n      x.tgz\n',
    '%YAML 1.2\n---\nentries:\n  ? a\n  : - version: "1.0.\\\n        0"\n      urls: ["x.tgz"]\n  b:\n  - urls: [\n      x.tgz]\n    version: "\\x32.0.0"\n',
  ]
  for (const text of forms) {
    const { by, versions } = await read(text)
    expect([text, by, short(versions)]).toEqual([
      text,
      'library',
      [
        ['a', '1.0.0', 'x.tgz'],
        ['b', '2.0.0', 'x.tgz'],
      ],
    ])
  }
})

test('what only looks like the usual form is not misread', async () => {
  const forms = [
    'entries:\n  a:\n  - urls:\n    - x.tgz\n      - y.tgz\n    version: 1.0.0\n',
    'entries:\n  a:\n  - urls:\n      - x.tgz\n    version: 1.0.0\n      - rc\n',
    'entries:\n  a:\n  - version:\t1.0.0\n    digest : d\n    urls\t:\n    - x.tgz\n',
    'entries:\n  a:\n  - version: 1.0.0\n    digest: d # e\n    created: f#g\n    urls: # h\n    - "x # y" # z\n',
    'entries:\n  a:\n  - description: [\n      version: 2.0.0,\n      x]\n    version: 1.0.0\n    urls2:\n    - x.tgz\n',
    'entries:\n  a:\n  - {version: 1.0.0}\n  - just words\n  - - version: 2.0.0\n  -\n  - version: ~\ngenerated: now\n',
  ]
  for (const text of forms) expect((await read(text)).versions, text).toEqual(byLibrary(text))
})

test('an unusual index of many megabytes is refused with the line, and not held in memory', async () => {
  const version = '  - version: 1.0.0\n    urls:\n    - x.tgz\n'
  const large = `entries:\n  a:\n${version.repeat(80_000)}  - {version: 2.0.0}\n${version.repeat(80_000)}`
  await expect(read(large, { size: 65_536 })).rejects.toMatchObject({
    step: 'catalog',
    message: expect.stringMatching(/up to 2 MiB only \(line 240003\)/),
  })
})

test('what is no index is named', async () => {
  const cases: [string, RegExp][] = [
    ['<!doctype html><title>Router</title>', /a web page/],
    ['\n\n <html>', /a web page/],
    ['', /without charts/],
    ['   \n', /without charts/],
    ['apiVersion: v1\ngenerated: now\n', /without charts/],
    ['hello\n', /without charts/],
    ['[1, 2]\n', /without charts/],
    ['{"a": 1}', /without charts/],
    ['entries:\n- a\n- b\n', /without charts/],
    ['entries: text\n', /without charts/],
    ['{"entries": []}', /without charts/],
    ['a: b: c: d\n', /no YAML/],
    ['\u0000\u0001\u0002\u0003', /no YAML|without charts/],
  ]
  for (const [text, reason] of cases)
    await expect(read(text), text).rejects.toMatchObject({
      next: 'stalled',
      message: expect.stringMatching(reason),
    })
})

test('an index that was cut anywhere before its last chart is never taken for a whole one', async () => {
  const json = JSON.stringify(parseYaml(BY_HELM))
  for (const [text, framed] of [
    [BY_HELM, false],
    [BY_HAND, false],
    [json, true],
  ] as const) {
    const whole = Buffer.from(text)
    const end = text.includes('generated: "') ? whole.indexOf('generated: "') : whole.length
    for (let length = whole.indexOf('entries') + 'entries":'.length; length < end; length += 3)
      await expect(
        read(whole.subarray(0, length), { framed, size: 1000 }),
        `${length}`,
      ).rejects.toMatchObject({
        message: expect.stringMatching(/ended too early/),
      })
  }
})

test('an index that says its length and ends in the middle of a line or of a version is not believed', async () => {
  const lines = BY_HELM.split('\n')
  const upTo = (line: number, rest = '') => `${lines.slice(0, line).join('\n')}\n${rest}`
  const at = lines.indexOf('  lighthouse:')
  expect((await read(upTo(at))).versions).toHaveLength(2)
  for (const text of [
    upTo(at, '  light'),
    upTo(at, '  lighthouse:\n  - name: x\n'),
    upTo(at - 1),
    upTo(at - 1, '    vers'),
  ])
    await expect(read(text)).rejects.toMatchObject({ message: expect.stringMatching(/ended too early/) })
})

// ---- against the library, by chance

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/)
/** Texts that tempt a reader of lines. */
const prose = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.lorem({ maxCount: 30 }),
  fc.constantFrom(
    'version: 9.9.9',
    '- version: 9.9.9\n  urls:\n  - x',
    'entries:\n  a:\n  - version: 1',
    '# no comment',
    'it\'s: "quoted"',
    '---\n...\n',
    'urls:\n\n- a\n',
    '{ [ & * ! | > % @ `',
    'null',
    '1.0',
    ' leading\n\ttab',
  ),
)
const version = fc.record(
  {
    annotations: fc.dictionary(word, prose, { maxKeys: 3 }),
    appVersion: fc.oneof(word, fc.double({ noNaN: true, noDefaultInfinity: true })),
    created: fc.oneof(fc.constant('2026-01-02T03:04:05.6Z'), prose),
    dependencies: fc.array(fc.record({ name: word, version: word, urls: fc.array(word) }), { maxLength: 2 }),
    deprecated: fc.boolean(),
    description: prose,
    digest: fc.stringMatching(/^[0-9a-f]{64}$/),
    home: fc.webUrl(),
    keywords: fc.array(prose, { maxLength: 3 }),
    urls: fc.array(fc.oneof(fc.webUrl(), prose), { maxLength: 3 }),
    version: fc.oneof(
      fc.stringMatching(/^\d{1,2}\.\d{1,2}\.\d{1,3}(-rc\.\d)?(\+[a-z0-9.]{1,5})?$/),
      fc.constantFrom('1.0', '1e3', '0x1f', '010', 'v1.2.3'),
    ),
  },
  { requiredKeys: ['version'] },
)
const index = fc.record({
  apiVersion: fc.constant('v1'),
  entries: fc.dictionary(fc.oneof(word, prose.filter(Boolean)), fc.array(version, { maxLength: 3 }), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
  generated: fc.constant('2026-01-02T03:04:05Z'),
  serverInfo: fc.dictionary(word, prose, { maxKeys: 2, noNullPrototype: true }),
})
const style: fc.Arbitrary<ToStringOptions> = fc.record({
  indent: fc.constantFrom(2, 3, 4),
  indentSeq: fc.boolean(),
  lineWidth: fc.constantFrom(0, 24, 80),
  minContentWidth: fc.constantFrom(0, 20),
  defaultStringType: fc.constantFrom(
    'PLAIN',
    'QUOTE_DOUBLE',
    'QUOTE_SINGLE',
    'BLOCK_LITERAL',
    'BLOCK_FOLDED',
  ),
  defaultKeyType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
  doubleQuotedMinMultiLineLength: fc.constantFrom(10, 40),
})

test('any index reads the same as by the YAML library, in whatever style and pieces it comes', async () => {
  await fc.assert(
    fc.asyncProperty(index, style, fc.integer({ min: 1, max: 200 }), async (data, options, size) => {
      const text = stringify(data, { version: '1.2', ...options })
      expect((await read(text, { size })).versions).toEqual(byLibrary(text))
    }),
    { numRuns: 120 },
  )
})

test('an index with plain names and versions never needs the library, whatever else it says', async () => {
  const plain = fc.record({
    entries: fc.dictionary(
      word,
      fc.array(fc.record({ description: prose, keywords: fc.array(prose), version: word })),
      {
        minKeys: 1,
        noNullPrototype: true,
      },
    ),
    generated: fc.constant('now'),
  })
  await fc.assert(
    fc.asyncProperty(plain, fc.constantFrom(0, 80), async (data, lineWidth) => {
      const text = stringify(data, { version: '1.2', lineWidth, aliasDuplicateObjects: false })
      expect((await read(text)).by).toBe('stream')
    }),
    { numRuns: 60 },
  )
})

/** The library says 1 for `1.`, the reader what is written: for a version that is better. */
const likeNumbers = (versions: ListedVersion[]) =>
  JSON.parse(JSON.stringify(versions), (_, value) =>
    typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : value,
  )

test('a damaged index is read as the YAML library reads it, or refused', async () => {
  const damage = fc.array(
    fc.record({
      at: fc.nat(),
      length: fc.constantFrom(0, 0, 1, 2, 8),
      insert: fc.constantFrom(
        '',
        '',
        ' ',
        '  ',
        '\n',
        '\n  ',
        '- ',
        ': ',
        '"',
        "'",
        '#',
        ' #',
        '\t',
        '{',
        '[',
        '&a ',
        '|',
        '>',
        '\n---\n',
      ),
    }),
    { minLength: 1, maxLength: 3 },
  )
  let compared = 0
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(BY_HELM, BY_HAND), damage, async (whole, places) => {
      let text = whole
      for (const { at, length, insert } of places) {
        const from = at % text.length
        text = text.slice(0, from) + insert + text.slice(from + length)
      }
      let expected: ListedVersion[]
      try {
        expected = byLibrary(text)
      } catch {
        return
      }
      const found = await read(text, { size: 1000 }).catch(() => null)
      if (!found) return
      compared++
      expect(likeNumbers(found.versions), text).toEqual(likeNumbers(expected))
    }),
    { numRuns: 400 },
  )
  expect(compared).toBeGreaterThan(100)
})
