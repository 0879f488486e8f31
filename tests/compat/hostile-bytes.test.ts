import { existsSync } from 'node:fs'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { gzipSync } from 'node:zlib'

import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { PackError } from '@/lib/pack-format/archive'
import { type PartTexts, UnreadablePack } from '@/lib/pack-format/pack-facts'
import { openParser } from '@/lib/parser/parser'
import { readFacts } from '@/lib/sync/read-pack'
import { ARCHIVES } from '../hostile-bytes/archives'
import { type RawEntry, rawTar } from '../hostile-bytes/raw-tar'
import { LOGOS, MANIFESTS, SCHEMAS, YAML } from '../hostile-bytes/texts'
import { sha256 } from '../support/chart-repository'
import { packFiles } from '../support/packs'

const MIB = 1024 * 1024
/** Of this process, whatever is read in its threads: the largest case has ten megabytes packed. */
const RISE_MIB = 320
/** Of the loop of this process while something is read. A busy machine stops it now and then all the same. */
const STALL_MS = 100

const parser = openParser()
const never = new AbortController().signal
const entry = { name: 'sound', version: '1.0.0' }
const manifest = Buffer.from(packFiles(entry).get('pack.json')?.bytes ?? '')
const facts = (texts: Partial<PartTexts>) =>
  watched(() => readFacts(parser, entry, { manifest, ...texts }, never))

const stalls: number[] = []
async function watched<T>(read: () => Promise<T>): Promise<T> {
  const loop = monitorEventLoopDelay({ resolution: 5 })
  loop.enable()
  try {
    return await read()
  } finally {
    loop.disable()
    stalls.push(loop.max / 1e6)
  }
}

let began = 0
let most = 0
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss())
}, 20)

beforeAll(async () => {
  await facts({})
  began = process.memoryUsage.rss()
})

afterAll(() => clearInterval(watch))

/** Where the bytes that an archive asks to be written would be. */
const wouldBe = ['evil', '../evil', '/tmp/evil', 'x/evil', '../../evil', 'C:evil']

describe.each(['pack', 'chart'] as const)('a %s', (kind) => {
  const own: RawEntry[] =
    kind === 'pack'
      ? [{ name: 'x/pack.json', content: manifest }]
      : [{ name: 'x/Chart.yaml', content: 'name: sound\nversion: 1.0.0\n' }]

  test.each(ARCHIVES)('with $is', async ({ more = [], bytes, [kind]: expected }) => {
    const archive = bytes?.() ?? gzipSync(rawTar([...own, ...more]))
    const reading = watched(() => parser.read(kind, { file: 'evil.tgz', bytes: archive }))
    if (expected === 'read') {
      const parts = await reading
      expect(JSON.parse(Buffer.from(parts.manifest).toString())).toMatchObject(entry)
      expect(Object.values(parts).some((part) => Buffer.from(part).includes('evil'))).toBe(false)
    } else {
      const error = await reading.catch((refused) => refused)
      expect(error).toBeInstanceOf(PackError)
      expect(error.message).toMatch(expected)
    }
    // The next one does not notice.
    await expect(parser.read(kind, { file: 'x.tgz', bytes: gzipSync(rawTar(own)) })).resolves.toBeTruthy()
    expect(wouldBe.filter((file) => existsSync(path.resolve(file)))).toEqual([])
  })
})

describe('a pack', () => {
  test.each(Object.entries(MANIFESTS))(
    'whose pack.json is %s is refused with its reason',
    async (_, [text, reason]) => {
      const error = await facts({ manifest: Buffer.from(text) }).catch((refused) => refused)
      expect(error).toBeInstanceOf(UnreadablePack)
      expect(error.message).toMatch(reason)
      expect(await facts({})).toMatchObject({ manifest: entry })
    },
  )

  test('whose pack.json has keys of prototypes changes no object', async () => {
    const text = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},'
    const read = await facts({ manifest: Buffer.from(text + manifest.toString().slice(1)) })
    expect(read.manifest.name).toBe('sound')
    expect(({} as { polluted?: 1 }).polluted).toBeUndefined()
  })

  test.each(Object.entries(YAML))(
    'whose presets and schema are %s is read without them, or alone refused',
    async (_, text) => {
      const outcome = await facts({ presets: Buffer.from(text), schema: Buffer.from(text) }).catch(
        (error) => error,
      )
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(UnreadablePack)
        expect(outcome.message).toMatch(/took more than 5 seconds|needed more than 64 MB|say too much/)
      } else expect(outcome).toMatchObject({ manifest: entry, presets: [] })
      expect(await facts({})).toMatchObject({ manifest: entry })
    },
  )

  test.each(Object.entries(SCHEMAS))(
    'whose schema is %s is read without it, or alone refused',
    async (_, text) => {
      const outcome = await facts({ schema: Buffer.from(text) }).catch((error) => error)
      if (outcome instanceof Error) expect(outcome.message).toMatch(/took more than 5 seconds/)
      else expect(outcome).toMatchObject({ manifest: entry })
      expect(await facts({})).toMatchObject({ manifest: entry })
    },
  )

  test.each(Object.entries(LOGOS))(
    'whose logo is %s has one only where a picture may be made of it',
    async (_, [logo, shown]) => {
      expect(await facts({ logo })).toMatchObject({ hasLogo: shown })
    },
  )

  test('whose README has five megabytes is read: nobody looks into it', async () => {
    expect(await facts({ readme: Buffer.alloc(5 * MIB, '<script>x</script>') })).toMatchObject({
      manifest: entry,
    })
  })
})

test.each(Object.entries(YAML))(
  'a chart whose Chart.yaml is %s is refused with its reason',
  async (_, text) => {
    const bytes = gzipSync(rawTar([{ name: 'x/Chart.yaml', content: text }]))
    const error = await parser.read('chart', { file: 'evil.tgz', bytes }).catch((refused) => refused)
    expect([PackError, UnreadablePack]).toContain(error.constructor)
    expect(error.message).toMatch(/Chart.yaml|took more than|needed more than/)
  },
)

test.each(['..', '.', '__proto__/', '../../x'])(
  'a chart named %s is no pack of such a name',
  async (name) => {
    const bytes = gzipSync(rawTar([{ name: 'x/Chart.yaml', content: `name: "${name}"\nversion: 1.0.0\n` }]))
    const outcome = await parser.read('chart', { file: 'evil.tgz', bytes }).catch((error) => error)
    if (outcome instanceof Error) expect(outcome.message).toMatch(/its chart has the name/)
    else expect(JSON.parse(Buffer.from(outcome.manifest).toString()).name).toMatch(/^[a-z0-9-]+$/)
  },
)

describe('the thread', () => {
  // Nothing known keeps it busy for ever; this takes a second or two.
  const keys = Buffer.from(Array.from({ length: 20_000 }, (_, i) => `k${i}: 1\n`).join(''))
  const slow = { presets: keys, schema: keys }
  const hasty = openParser({ facts: 200 })
  const hastily = (texts: Partial<PartTexts>) => readFacts(hasty, entry, { manifest, ...texts }, never)

  test('is ended where an item takes too long, and what was read beside it is read', async () => {
    const results = await Promise.allSettled([
      ...Array.from({ length: 10 }, () => hastily({})),
      hastily(slow),
      ...Array.from({ length: 10 }, () => hastily({})),
    ])
    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(20)
    expect(results[10]).toMatchObject({
      reason: { message: 'Reading its files took more than 0.2 seconds.' },
    })
  })

  test('of another registry goes on meanwhile', async () => {
    let isOver = false
    const over = () => {
      isOver = true
    }
    const other = facts(slow).then(over, over)
    await readFacts(openParser(), entry, { manifest }, never)
    expect(isOver).toBe(false)
    await other
  })

  test('is waited for a second by a run that ends, and no longer', async () => {
    const end = new AbortController()
    const mine = openParser()
    const readTill = (texts: Partial<PartTexts>) => readFacts(mine, entry, { manifest, ...texts }, end.signal)
    const soon = readTill({})
    const late = Promise.allSettled(Array.from({ length: 4 }, () => readTill(slow)))
    end.abort(new Error('The run ends'))
    const began = performance.now()
    expect(await soon).toMatchObject({ manifest: entry })
    expect((await late).at(-1)).toMatchObject({ reason: { message: 'The run ends' } })
    expect(performance.now() - began).toBeLessThan(4_000)
    await expect(readTill({})).rejects.toThrow('The run ends')
  })

  test('is ended where an item needs too much memory', async () => {
    const presets = Buffer.from(`presets:\n${'- a\n'.repeat(250_000)}`)
    const patient = openParser({ facts: 60_000 })
    await expect(readFacts(patient, entry, { manifest, presets }, never)).rejects.toThrow(
      'Reading its files needed more than 64 MB.',
    )
    expect(await facts({})).toMatchObject({ manifest: entry })
  })

  test('gives the same bytes as came in', async () => {
    const values = Buffer.from('a: 1\n')
    const bytes = gzipSync(
      rawTar([
        { name: 'pack.json', content: manifest },
        { name: 'values.yaml', content: values },
      ]),
    )
    const parts = await parser.read('pack', { file: 'x.tgz', bytes })
    expect(sha256(parts.values as Uint8Array)).toBe(sha256(values))
  })

  test('has a program that can neither open files nor reach a network', async () => {
    const { metafile } = await build({
      entryPoints: ['lib/parser/thread.ts'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
      metafile: true,
      logLevel: 'silent',
    })
    const imports = Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
      imports.map((one) => `${one.path.replace('node:', '')} by ${path.basename(file)}`),
    )
    const reaching = /^(?:fs|net|tls|http|https|http2|dgram|dns|child_process|cluster|inspector|vm)(?:\/| )/
    expect(imports).toContain('worker_threads by thread.ts')
    // The names of modes alone.
    expect(imports.filter((one) => reaching.test(one))).toEqual(['fs by constants.js'])
  })
})

test('all of it left the memory of the process bounded, and its loop going', () => {
  expect((most - began) / MIB).toBeLessThan(RISE_MIB)
  const inOrder = stalls.sort((a, b) => a - b)
  expect(inOrder[Math.floor(inOrder.length * 0.95)]).toBeLessThan(STALL_MS)
})
