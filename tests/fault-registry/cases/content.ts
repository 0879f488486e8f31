import { gzipSync } from 'node:zlib'

import { pack as packTar } from 'tar-stream'

import { digestOf } from '../../../lib/pack-format/oci'
import { type Content, contentOf, type Item, itemFor, VICTIM } from '../catalog'
import { answer } from '../http'
import { MANIFEST_TYPE } from '../kinds/oci'
import type { Fault } from '../registry'
import { at, type Ending, type Place, type Scenario } from './case'
import { strikes, type World } from './world'

const MIB = 1024 * 1024
const INDEX = 'application/vnd.oci.image.index.v1+json'
const ALL: readonly Place[] = ['pack:content', 'distribution:content', 'oci:content', 'helm:content']
const PACKS: readonly Place[] = ALL.slice(0, 3)
const ARCHIVES: readonly Place[] = ['oci:content', 'helm:content']

/** The later catalog, with another victim. */
const serves =
  (make: (world: World, content: Content) => Promise<Item>) =>
  async (world: World): Promise<Fault> => {
    const victim = await make(world, contentOf(VICTIM.name, VICTIM.version, world.random))
    return { catalog: world.after.map((one) => (one.name === VICTIM.name ? victim : one)) }
  }

/** Other files in the victim. */
const files = (change: Content['files'] | ((kind: World['kind']) => Content['files'])) =>
  serves((world, content) =>
    itemFor(world.kind, {
      ...content,
      files: { ...content.files, ...(typeof change === 'function' ? change(world.kind) : change) },
    }),
  )

type Entry = Parameters<ReturnType<typeof packTar>['entry']>[0] & { body?: string }

/** The victim's archive with more entries after its own, some of which no archive should have. */
const tars = (entries: (folder: string) => Entry[], spoil = (tar: Buffer) => tar) =>
  serves(async (world, content) => {
    const tar = packTar()
    const { name, version } = VICTIM
    const own =
      world.kind === 'helm'
        ? { 'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\n` }
        : content.files
    for (const [file, body] of Object.entries(own)) tar.entry({ name: `${name}/${file}` }, Buffer.from(body))
    for (const { body, ...header } of entries(`${name}/`))
      if (body === undefined) tar.entry(header)
      else tar.entry(header, body)
    tar.finalize()
    const chunks: Buffer[] = []
    for await (const chunk of tar) chunks.push(chunk as Buffer)
    return itemFor(world.kind, content, gzipSync(spoil(Buffer.concat(chunks)), { level: 1 }))
  })

const aliasBomb = (depth = 9): string => {
  const lines = ['a0: &a0 ["lol","lol","lol","lol","lol","lol","lol","lol","lol"]']
  for (let i = 1; i <= depth; i++)
    lines.push(
      `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(',')}]`,
    )
  return `${lines.join('\n')}\n`
}
/** Kept as it came: nothing is read of it where the sync runs, or what is read is left out. */
const taken: Ending = 'taken'
/** Either may be: an archive that holds more than it should is refused, or what it should hold is taken out of it. */
const either = ['aside', 'taken'] as const

const chartOr = (file: string, body: string) => (kind: World['kind']) =>
  kind === 'helm'
    ? { 'Chart.yaml': `apiVersion: v2\nname: ${VICTIM.name}\nversion: ${VICTIM.version}\n${body}` }
    : { [file]: body }

/** Answers in the place of the victim's manifest. */
const manifests =
  (make: (digest: string) => object, type = MANIFEST_TYPE) =>
  (world: World): Fault => ({
    strikes: strikes(world),
    lie: ({ headers }) => {
      const { digest = '' } = world.after.find((one) => one.name === VICTIM.name) ?? {}
      return answer(200, JSON.stringify(make(digest)), { ...headers, 'content-type': type })
    },
  })

/** A manifest that is what its digest says, and no sound one. */
const spoiltManifest = (change: (manifest: Record<string, unknown>) => unknown) =>
  serves(async (world, content) => {
    const item = await itemFor(world.kind, content)
    const manifest = Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(item.manifest).toString()))))
    return { ...item, manifest, digest: digestOf(manifest) }
  })

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const huge = Buffer.concat([
  PNG,
  Buffer.from([0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60, 8, 6, 0, 0, 0]),
  Buffer.alloc(64),
])
const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">${inside}</svg>`
const LOGOS: Record<string, string | Uint8Array> = {
  'an SVG with a script': svg('<script>alert(1)</script>'),
  'an SVG with a foreign object': svg('<foreignObject><iframe src="javascript:alert(1)"/></foreignObject>'),
  'an SVG that loads from elsewhere': svg(
    '<image href="http://evil.example/x.png"/><use href="//evil.example/#a"/>',
  ),
  'a PNG of 60,000 by 60,000': huge,
  'a PNG that is a page too': Buffer.concat([PNG, Buffer.from('<html><script>alert(1)</script>')]),
  'a page that is called a PNG': '<!doctype html><script>alert(1)</script>',
  'more bytes than a logo may have': Buffer.concat([PNG, Buffer.alloc(5 * MIB)]),
}

/** What the packs hold. Cases 43, 48 and 58 to 64. */
export const content: Scenario[] = [
  ...[-1, 1e300, 2 ** 63, 0.5, 'many', null].flatMap((size) =>
    at(['pack:content', 'distribution:content', 'oci:content'], 43, `a blob of the size ${size}`, {
      fault: spoiltManifest(({ config, ...rest }) => ({ ...rest, config: { ...(config as object), size } })),
    }),
  ),
  ...at(
    ['distribution:content', 'distribution:logo', 'oci:content', 'helm:content'],
    48,
    'other bytes than the digest says',
    {
      says: /digest/,
      fault: (world) => ({
        strikes: strikes(world),
        lie: (sound) => ({ ...sound, body: Buffer.from(sound.body).fill(0x41, 2, 12) }),
      }),
    },
  ),
  ...at(['pack:contents'], 48, 'other bytes than the digest says', {
    fault: (world) => ({
      strikes: strikes(world),
      lie: (sound) => ({
        ...sound,
        body: Buffer.from(Buffer.from(sound.body).toString('latin1').replaceAll('addon', 'addox'), 'latin1'),
      }),
    }),
  }),
  ...at(PACKS, 58, 'a YAML alias bomb in the values', {
    ending: taken,
    fault: files({ 'values.yaml': aliasBomb() }),
  }),
  ...at(ALL, 58, 'a YAML alias bomb in what is read', {
    ending: either,
    fault: files(chartOr('schema.yaml', aliasBomb())),
  }),
  ...at(ALL, 59, 'YAML tags that make functions', {
    ending: either,
    fault: files(
      chartOr('presets.yaml', 'presets:\n- name: !!js/function "function(){ globalThis.polluted = 1 }"\n'),
    ),
  }),
  ...at(ALL, 59, 'values of 20 MB', {
    ending: either,
    fault: files({ 'values.yaml': `a: |\n${'  x\n'.repeat(5 * MIB)}` }),
  }),
  ...at(ARCHIVES, 60, 'a path that leads out', {
    ending: either,
    fault: tars(() => [{ name: '../../../tmp/escaped', body: 'x' }]),
  }),
  ...at(ARCHIVES, 60, 'an absolute path', {
    ending: either,
    fault: tars(() => [{ name: '/tmp/escaped', body: 'x' }]),
  }),
  ...(['symlink', 'link'] as const).flatMap((type) =>
    at(ARCHIVES, 60, `a ${type} out of it, and a file through it`, {
      ending: either,
      fault: tars((folder) => [
        { name: `${folder}out`, type, linkname: '/tmp' },
        { name: `${folder}out/escaped`, body: 'x' },
      ]),
    }),
  ),
  ...(['character-device', 'block-device', 'fifo'] as const).flatMap((type) =>
    at(ARCHIVES, 60, `a ${type}`, {
      ending: either,
      fault: tars((folder) => [{ name: `${folder}README.md`, type }]),
    }),
  ),
  ...at(ARCHIVES, 60, 'one file twice', {
    ending: either,
    fault: tars((folder) => ['a: 1\n', 'a: 2\n'].map((body) => ({ name: `${folder}values.yaml`, body }))),
  }),
  ...at(ARCHIVES, 60, 'a million entries', {
    fault: tars(
      () => [],
      (tar) => {
        const one = Buffer.concat([tar.subarray(0, 512)])
        one.fill(0, 124, 136).write('00000000000\0', 124)
        return Buffer.concat(
          [...Array(40)].fill(Buffer.alloc(512 * 1000)).map((block: Buffer) => fillWith(block, checked(one))),
        )
      },
    ),
  }),
  ...at(ARCHIVES, 60, 'a file of 1 TB, by its header', {
    fault: tars(
      () => [],
      (tar) => {
        // Base 256, as tar writes what is larger than 8 GB.
        const size = Buffer.alloc(12)
        size[0] = 0x80
        size.writeBigUInt64BE(1n << 40n, 4)
        size.copy(tar, 124)
        checked(tar)
        return tar
      },
    ),
  }),
  ...at(ARCHIVES, 60, 'a header that says another path and size', {
    ending: either,
    fault: tars((folder) => [
      { name: `${folder}README.md`, body: 'x', pax: { path: '../../../tmp/escaped', size: '1' } } as Entry,
    ]),
  }),
  ...at(ARCHIVES, 60, 'an archive that is none', {
    fault: serves((world, content) => itemFor(world.kind, content, Buffer.from('this is no archive at all'))),
  }),
  ...at(ARCHIVES, 60, 'an archive packed 1:1000', {
    ending: either,
    fault: tars((folder) => [{ name: `${folder}zeros.bin`, body: '\0'.repeat(24 * MIB) }]),
  }),
  ...at(['distribution:manifest', 'oci:manifest'], 61, 'a manifest with another digest', {
    says: /digest/,
    fault: manifests(() => ({ schemaVersion: 2, config: {}, layers: [] })),
  }),
  ...at(['distribution:manifest', 'oci:manifest'], 61, 'an index of itself', {
    fault: manifests(
      (digest) => ({ schemaVersion: 2, manifests: [{ mediaType: INDEX, digest, size: 100 }] }),
      INDEX,
    ),
  }),
  ...at(['pack:content', 'distribution:content', 'oci:content'], 61, 'a manifest of another media type', {
    fault: spoiltManifest((manifest) => ({
      ...manifest,
      artifactType: 'text/html',
      config: { mediaType: 'x', digest: 'y', size: 1 },
    })),
  }),
  ...Object.entries(LOGOS).flatMap(([title, logo]) =>
    at(['distribution:content', 'oci:content'], 62, title, {
      ending: either,
      fault: files({ 'logo.png': logo }),
    }),
  ),
  ...at(ALL, 63, 'a README with scripts, trackers and bait', {
    ending: taken,
    fault: files({
      'README.md': [
        '<script>alert(1)</script>',
        '[a](javascript:alert(1)) ![b](http://evil.example/pixel.gif)',
        `${'| a '.repeat(5_000)}|`,
        `${'*'.repeat(50_000)}a${'_'.repeat(50_000)}`,
        `${'['.repeat(20_000)}`,
      ].join('\n\n'),
    }),
  }),
  ...at(ALL, 64, 'a JSON schema with references and patterns that never end', {
    ending: either,
    fault: files((kind) => ({
      [kind === 'helm' ? 'values.schema.json' : 'schema.yaml']: JSON.stringify({
        $schema: 'http://json-schema.org/draft-07/schema#',
        $ref: 'http://evil.example/schema.json',
        definitions: { a: { $ref: '#/definitions/a' } },
        properties: { b: { pattern: '^(a+)+$' }, c: { $ref: 'file:///etc/passwd' } },
      }),
    })),
  }),
  ...at(PACKS, 64, 'rules with patterns that never end', {
    ending: taken,
    fault: files({ 'schema.yaml': `a.b:\n  schema: '{{ required | format "\${string:/^(a+)+$/}" }}'\n` }),
  }),
  ...at(ALL, 42, '__proto__ and constructor in what is read', {
    ending: either,
    fault: files((kind) =>
      kind === 'helm'
        ? chartOr('', '__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n')(kind)
        : {
            'pack.json': `{"name":"${VICTIM.name}","displayName":"x","version":"1.0.0","layer":"addon","__proto__":{"polluted":true},"annotations":{"__proto__":"x","constructor":"y"}}`,
          },
    ),
  }),
  ...at(PACKS, 44, 'a pack.json that is no UTF-8', {
    fault: files({ 'pack.json': Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) }),
  }),
]

/** Writes the sum of the first header of a tar anew. */
function checked(tar: Buffer): Buffer {
  tar.fill(0x20, 148, 156)
  const sum = tar.subarray(0, 512).reduce((all, byte) => all + byte, 0)
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return tar
}

function fillWith(block: Buffer, one: Buffer): Buffer {
  for (let at = 0; at < block.length; at += one.length) one.copy(block, at)
  return block
}
