import type { Answer } from '../http'
import { answer, json } from '../http'
import type { Fault } from '../registry'
import { at, LISTINGS, type Place, type Scenario } from './case'
import { type Extra, malformed, withExtras } from './listing'
import { strikes, type World } from './world'

type Lie = (world: World, sound: Answer, request: Parameters<NonNullable<Fault['lie']>>[1]) => Answer
const lies =
  (lie: Lie) =>
  (world: World): Fault => ({
    strikes: strikes(world),
    lie(sound, request) {
      const told = lie(world, sound, request)
      // What says something else has another state: a server that gives two things one ETag is believed for ever.
      return { ...told, headers: { ...told.headers, etag: `"${world.random.below(1e9)}"` } }
    },
  })

const DEEP = 100_000
const bytes = (sound: Answer, change: (body: Buffer) => Uint8Array): Answer => ({
  ...sound,
  body: change(Buffer.from(sound.body)),
})

/** What cannot be fetched, or can be no pack at all, is told and left out; all else is there. */
const apart = ['sound', 'aside'] as const

const extras = (number: number, title: string, list: readonly Extra[], places = LISTINGS): Scenario[] =>
  at(places, number, title, { ending: apart, fault: lies((world, sound) => withExtras(world, sound, list)) })

const named = (...names: string[]) => names.map((name) => ({ name, version: '1.0.0' }))
const versioned = (...versions: string[]) => versions.map((version) => ({ name: 'pack-1', version }))

const PAGED: readonly Place[] = [
  'distribution:catalog',
  'oci:catalog',
  'oci:versions',
  'distribution:versions',
]
/** A page of nothing but new names, for ever. */
const moreOf = (from: number): string[] => Array.from({ length: 1_000 }, (_, i) => `more-${from + i}`)
const pageOf = ({ endpoint, kind }: World, list: string[], headers: Answer['headers']): Answer =>
  json(
    endpoint === 'versions'
      ? { tags: list }
      : { repositories: list.map((one) => (kind === 'oci' ? `spectro-packs/archive/${one}` : one)) },
    headers,
  )
const next = (url: string) => ({ link: `<${url}>; rel="next"` })

/** What a registry says it has. Cases 24 and 40 to 57. */
export const data: Scenario[] = [
  ...extras(24, 'names and versions with line ends in them', [
    ...named('a\r\nX-Evil: 1', 'a\nb'),
    ...versioned('1.0\r\nX-Evil: 1'),
  ]),
  ...at(['pack:catalog', 'helm:content', 'oci:content'], 24, 'a redirect with line ends in it', {
    ending: ['kept', 'aside'],
    fault: lies(() => answer(302, '', { location: '/%0d%0aX-Evil:%201/\tx' })),
  }),
  ...at([...LISTINGS, 'oci:catalog'], 40, 'a listing that ends too early, soundly sent', {
    fault: lies((_, sound) => bytes(sound, (body) => body.subarray(0, body.length - 30))),
  }),
  ...['5', 'true', '"text"', '[[[]]]', '{"a":1}', '[{"a":1},7,null]'].flatMap((value, i) =>
    at(
      [LISTINGS[i % 4], LISTINGS[(i + 1) % 4], 'oci:catalog'] as Place[],
      41,
      `${value} in the place of what is meant`,
      {
        // One entry of our listing is left out, and what it may have been about is not taken for removed.
        ending: ['kept', 'aside', 'sound', 'held'],
        fault: lies((world, sound) => malformed(world, sound, value)),
      },
    ),
  ),
  ...at([...LISTINGS, 'oci:catalog'], 41, `brackets, ${DEEP.toLocaleString('en')} deep`, {
    ending: ['kept', 'aside', 'held'],
    fault: lies((world, sound) => malformed(world, sound, '['.repeat(DEEP) + ']'.repeat(DEEP))),
  }),
  ...at(LISTINGS, 42, 'keys twice, __proto__ and constructor', {
    ending: apart,
    fault: lies((world, sound) => {
      const text = Buffer.from(sound.body).toString()
      const bad = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},'
      const yaml = '__proto__:\n  polluted: true\nconstructor:\n  prototype: 1\n'
      return bytes(sound, () =>
        Buffer.from(world.kind === 'helm' ? yaml + text : text.replaceAll('{', `{${bad}`)),
      )
    }),
  }),
  ...extras(
    42,
    'packs that are called like what every object has',
    named('constructor', 'prototype', 'tostring'),
  ),
  ...['1e999', '-1', '9223372036854775808', '0.5'].flatMap((size) =>
    at(['pack:catalog'], 43, `a size of ${size}`, {
      ending: 'sound',
      fault: lies((_, sound) =>
        bytes(sound, (body) => Buffer.from(body.toString().replaceAll('"tags":', `"size":${size},"tags":`))),
      ),
    }),
  ),
  ...at(['pack:catalog', 'distribution:versions', 'oci:catalog'], 43, 'NaN', {
    fault: lies((_, sound) =>
      bytes(sound, (body) => Buffer.from(body.toString().replace(/"(?:name|repositories)":/, 'NaN$&'))),
    ),
  }),
  ...at([...LISTINGS, 'oci:catalog'], 44, 'bytes that are no UTF-8', {
    ending: ['kept', 'sound', 'aside', 'held'],
    fault: lies((world, sound) => {
      const more = withExtras(world, sound, [{ name: 'bad-name', version: 'bad-name' }])
      return bytes(more, (body) => {
        const at = body.indexOf('bad-name')
        body[at] = 0xff
        body[at + 1] = 0xc0
        return body
      })
    }),
  }),
  ...extras(
    44,
    'NUL, and half of a pair',
    [...named('a\u0000b', '\ud800'), ...versioned('1.0\u0000', '\udfff')],
    ['pack:catalog', 'distribution:catalog', 'oci:versions'],
  ),
  ...at([...LISTINGS, 'oci:catalog'], 44, 'a byte order mark', {
    ending: ['kept', 'sound'],
    fault: lies((_, sound) => bytes(sound, (body) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]))),
  }),
  ...extras(45, 'names that lead elsewhere', [
    ...named(
      '../../etc/passwd',
      'a/../b',
      '%2e%2e',
      'a\\b',
      '\u202egnp.exe',
      '',
      'x'.repeat(100_000),
      '.',
      '..',
    ),
    ...versioned('../1', '%2e', '\u202e1', '', '9'.repeat(100_000)),
  ]),
  ...extras(
    46,
    'names that differ in case or in form only',
    named('PACK-1', 'Pack-1', 'pa\u0301ck', 'p\u00e1ck', 'ＰＡＣＫ-1'),
  ),
  ...extras(47, 'one version twice, with different digests', [{ name: 'pack-4', version: '1.0.0' }]),
  ...extras(49, 'versions that are none', [
    ...versioned(
      'latest',
      '01.002.0003',
      '1.0.0-alpha.01',
      '1.0.0-',
      '9'.repeat(128),
      'v',
      '1.x',
      '1..2',
      '-1',
    ),
    ...versioned('1.0.0-rc.1-1-1', '1.0.0_build', '99999999999999999999.0.0'),
  ]),
  ...at(PAGED, 50, 'pages in a circle', {
    fault: lies((world, sound, { query }) => ({
      ...sound,
      headers: {
        ...sound.headers,
        ...next(`${hereOf(world)}?n=2&last=${query.get('last') === 'b' ? 'a' : 'b'}`),
      },
    })),
  }),
  ...at(PAGED, 51, 'one page, again and again', {
    fault: lies((world, sound, { query }) => ({
      ...sound,
      headers: {
        ...sound.headers,
        ...next(`${hereOf(world)}?n=2&last=${Number(query.get('last') ?? 0) + 1}`),
      },
    })),
  }),
  ...at(PAGED, 52, 'a next page at another server', {
    ending: ['kept', 'sound'],
    fault: lies(({ evil }, sound, { query }) =>
      query.has('last')
        ? sound
        : { ...sound, headers: { ...sound.headers, ...next(`${evil}/plain?n=2&last=zzz`) } },
    ),
  }),
  ...at(PAGED, 53, 'pages without an end', {
    fault: lies((world, _, { query }) => {
      const last = Number(query.get('last') ?? 0)
      return pageOf(world, moreOf(last), next(`${hereOf(world)}?n=2&last=${last + 1_000}`))
    }),
  }),
  ...at([...LISTINGS, 'oci:catalog'], 54, 'nothing any more', {
    ending: 'held',
    fault: (world) => ({
      catalog: [],
      ...(world.endpoint === 'versions' && { strikes: strikes(world), lie: () => json({ tags: [] }) }),
    }),
  }),
  ...at(
    ['pack:catalog', 'distribution:catalog', 'oci:catalog', 'helm:catalog'],
    55,
    'a tenth of what there was',
    {
      ending: 'held',
      fault: ({ before }) => ({ catalog: before.slice(0, 1) }),
    },
  ),
  ...[
    '1970-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '-271821-04-20T00:00:00Z',
    '"yesterday"',
    '1e999',
  ].flatMap((date) =>
    at(['helm:catalog'], 56, `the date ${date}`, {
      ending: 'sound',
      fault: lies((_, sound) =>
        bytes(sound, (body) =>
          Buffer.from(body.toString().replace(/(created|generated): .*/g, `$1: ${date}`)),
        ),
      ),
    }),
  ),
  ...at(['pack:catalog', 'helm:catalog'], 57, 'more versions than are taken', {
    says: /lists more than/,
    fault: lies((world, sound) =>
      withExtras(
        world,
        sound,
        Array.from({ length: 1_001 }, (_, i) => ({ name: `much-${i % 100}`, version: `1.0.${i}` })),
      ),
    ),
  }),
  ...at(['distribution:versions', 'oci:versions'], 57, '100,001 versions of one pack', {
    says: /does not end/,
    fault: (world) => {
      const body = JSON.stringify({ tags: Array.from({ length: 100_001 }, (_, i) => `1.0.${i}`) })
      return lies(() => answer(200, body, { 'content-type': 'application/json' }))(world)
    },
  }),
]

/** The list that a world is about, as its own address. */
function hereOf({ kind, endpoint }: World): string {
  const base = kind === 'oci' ? '/v2/' : '/v1/'
  return endpoint === 'versions'
    ? `${base}${kind === 'oci' ? 'spectro-packs/archive/' : ''}pack-1/tags/list`
    : `${base}_catalog`
}
