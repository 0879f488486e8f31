import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

/** Which folders a folder may know, besides itself. `docs/architecture.md` draws the same. */
const MAY_KNOW: Record<string, string[]> = {
  app: ['components', 'lib/api', 'lib/client', 'lib/access', 'lib/db'],
  console: ['lib/api', 'lib/db'],
  components: ['lib/client'],
  worker: [
    'lib/webhooks',
    'lib/sync',
    'lib/registries',
    'lib/adapters',
    'lib/crypto',
    'lib/access',
    'lib/db',
  ],
  cli: ['lib/client', 'lib/adapters', 'lib/outbound', 'lib/pack-format'],
  registry: ['lib/pack-format'],
  'lib/client': ['lib/api'],
  'lib/api': [
    'lib/profiles',
    'lib/feeds',
    'lib/webhooks',
    'lib/hooks',
    'lib/sync',
    'lib/catalog',
    'lib/registries',
    'lib/access',
    'lib/pack-format',
  ],
  'lib/profiles': [
    'lib/catalog',
    'lib/crypto',
    'lib/access',
    'lib/audit',
    'lib/db',
    'lib/pack-format',
    'lib/parser',
  ],
  'lib/sync': [
    'lib/catalog',
    'lib/registries',
    'lib/adapters',
    'lib/access',
    'lib/audit',
    'lib/db',
    'lib/pack-format',
    'lib/parser',
  ],
  'lib/hooks': [
    'lib/sync',
    'lib/registries',
    'lib/crypto',
    'lib/access',
    'lib/audit',
    'lib/db',
    'lib/pack-format',
    'lib/parser',
  ],
  'lib/webhooks': [
    'lib/catalog',
    'lib/sync',
    'lib/registries',
    'lib/outbound',
    'lib/crypto',
    'lib/access',
    'lib/audit',
    'lib/db',
    'lib/pack-format',
  ],
  'lib/feeds': ['lib/catalog', 'lib/access', 'lib/audit', 'lib/db'],
  'lib/catalog': [
    'lib/registries',
    'lib/adapters',
    'lib/access',
    'lib/audit',
    'lib/db',
    'lib/pack-format',
    'lib/parser',
    'lib/pictures',
  ],
  'lib/registries': [
    'lib/adapters',
    'lib/outbound',
    'lib/crypto',
    'lib/access',
    'lib/audit',
    'lib/db',
    'lib/pack-format',
  ],
  'lib/adapters': ['lib/outbound', 'lib/pack-format', 'lib/parser'],
  'lib/parser': ['lib/pack-format'],
  'lib/pictures': ['lib/pack-format'],
  'lib/outbound': [],
  'lib/pack-format': [],
  'lib/access': ['lib/audit', 'lib/db'],
  'lib/audit': ['lib/db'],
  'lib/crypto': [],
  'lib/db': [],
}
/** Files that everybody may know. */
const FOR_ALL = /^lib\/(?:errors|env|log|uid|parse|at-most|metrics|program-of)$/
/** A person's role and name are no more than types: audit events are about them. */
const PLAIN = /(?:^lib\/access\/actor|\/schema)$/

interface Source {
  file: string
  text: string
  /** Without extension, from the root. */
  imports: { from: string; typeOnly: boolean }[]
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g

function readImports(file: string, text: string): Source['imports'] {
  return [...text.matchAll(IMPORT)].map(([, typeOnly, given, lazy]) => {
    const name = given ?? lazy ?? ''
    const target = name.startsWith('@/')
      ? name.slice(2)
      : name.startsWith('.')
        ? path.posix.join(path.posix.dirname(file), name)
        : name
    return { from: target, typeOnly: typeOnly !== undefined }
  })
}

const sources: Source[] = ['app', 'components', 'console', 'lib', 'worker', 'cli', 'registry']
  .flatMap((root) => readdirSync(root, { recursive: true }).map((file) => path.join(root, String(file))))
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => /\.tsx?$/.test(file))
  .filter((file) => !file.startsWith('lib/db/generated/') && !/\.test\.tsx?$/.test(file))
  .map((file) => {
    const text = readFileSync(file, 'utf8')
    return { file, text, imports: readImports(file, text) }
  })

const folderOf = (file: string) =>
  file
    .split('/')
    .slice(0, file.startsWith('lib/') ? 2 : 1)
    .join('/')
const isOurs = (from: string) => /^(?:app|components|console|lib|worker|cli|registry)\//.test(from)

/** Every import that a rule forbids, as lines to read. */
const violations = (forbids: (source: Source, from: string, typeOnly: boolean) => boolean) =>
  sources.flatMap((source) =>
    source.imports
      .filter(({ from, typeOnly }) => forbids(source, from, typeOnly))
      .map(({ from }) => `${source.file} imports ${from}`),
  )

test('the sources are found', () => {
  expect(sources.length).toBeGreaterThan(100)
  expect(new Set(sources.map(({ file }) => folderOf(file)).filter((one) => one.includes('.')))).toEqual(
    new Set(
      ['errors', 'env', 'log', 'uid', 'parse', 'at-most', 'metrics', 'program-of'].map(
        (name) => `lib/${name}.ts`,
      ),
    ),
  )
})

test('imports go one way: everybody knows only what stands below', () => {
  expect(
    violations(({ file }, from) => {
      const own = folderOf(file)
      if (!isOurs(from) || folderOf(from) === own || FOR_ALL.test(from) || PLAIN.test(from)) return false
      // Components may be told what a pack is: pure ideas without input or output.
      if (own === 'components' && /^lib\/(?:pack-format\/|api\/routes$|[a-z]+\/words$)/.test(from))
        return false
      // And what makes a profile sound, so that a person is told while composing it.
      if (
        own === 'components' &&
        /^lib\/profiles\/(?:rules\/[a-z-]+|variable|preview|presets|enabled-presets|tags|edit-values|form-value|values-form)$/.test(
          from,
        )
      )
        return false
      // Rules over large texts are asked in a thread that can be ended.
      if (own === 'lib/parser' && from === 'lib/profiles/rules/check') return false
      return !(MAY_KNOW[own] ?? []).includes(folderOf(from))
    }),
  ).toEqual([])
})

test("a domain's store is the only file that talks to the database", () => {
  expect(
    violations(
      ({ file }, from) =>
        /^lib\/(?!db\/)/.test(file) && from.startsWith('lib/db/') && !/\/store(\/[a-z-]+)?\.ts$/.test(file),
    ),
  ).toEqual([])
})

test('a schema knows other schemas and constants of the pack format only', () => {
  expect(
    violations(
      ({ file }, from, typeOnly) =>
        path.posix.basename(file) === 'schema.ts' &&
        file.startsWith('lib/') &&
        isOurs(from) &&
        !typeOnly &&
        !/(?:\/schema|\/words|^lib\/pack-format\/(?:manifest|layers))$/.test(from),
    ),
  ).toEqual([])
})

test('only registries/open and profiles/masked open secrets, and reseal to seal them anew', () => {
  const importing = (name: string, from: string) =>
    sources
      .filter(({ text }) => new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from '[^']*${from}'`).test(text))
      .map(({ file }) => file)
      .sort()
  expect(importing('open', 'crypto/seal')).toEqual(['lib/profiles/masked.ts', 'lib/registries/secret.ts'])
  for (const name of ['openSecret', 'openHookSecret', 'openWebhookSecret'])
    expect(importing(name, '/secret')).toEqual(['lib/registries/open.ts', 'lib/registries/reseal.ts'])
  expect(importing('findSealed', '/store')).toEqual(['lib/registries/open.ts'])
  expect(importing('findSealedOtherwise', '/store')).toEqual([
    'lib/profiles/reseal.ts',
    'lib/registries/reseal.ts',
  ])
})

test('only lib/outbound has clients that leave the building; registry and console listen; the registry notifies whom its configuration names', () => {
  const wire =
    /^(?:undici|axios|got|ky|needle|node-fetch|superagent|ws|(?:node:)?(?:http|https|http2|net|tls|dgram|dns)(?:\/promises)?)$/
  expect(
    violations(
      ({ file }, from, typeOnly) =>
        !typeOnly && wire.test(from) && !/^(?:lib\/outbound|registry|console)\//.test(file),
    ),
    // It listens for whoever scrapes it.
  ).toEqual(['worker/metrics.ts imports node:http'])
  // The platform's own, however they are got at.
  const own =
    /(?<![.\w])fetch\(|\?\? fetch\b|globalThis\.fetch|new (?:WebSocket|EventSource|XMLHttpRequest)\b|sendBeacon|\brequire\(/
  const fetches = sources.filter(({ text }) => own.test(text))
  // The client of our own API, for browsers and the command line, is one of them.
  expect(fetches.map(({ file }) => file).sort()).toEqual(['lib/client/call.ts', 'registry/notify/send.ts'])
})

test('no file re-exports what stands elsewhere, and none is called after what it is not', () => {
  const reexports = sources.filter(
    ({ file, text }) => !file.startsWith('app/') && /^export (?:\*|\{[^}]*\}) from /m.test(text),
  )
  expect(reexports.map(({ file }) => file)).toEqual([])
  const vague = /(?:^|\/)(?:utils?|helpers?|common|misc|services?|repositories|types)(?:\.tsx?$|\/)/
  expect(sources.map(({ file }) => file).filter((file) => vague.test(file))).toEqual([])
})
