// `npm run build`: the database client, the console and the programs, each only when what it is made of has changed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { BESIDE } from '../console/beside.mjs'
import { claim } from './launcher/claim.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DIST = path.join(ROOT, 'dist')
const BUILT = path.join(DIST, 'built.json')
const WAIT_FOR_ANOTHER_MS = 15 * 60_000

/** Each program: what it is bundled from. The launcher's door is one that the launcher itself imports. */
const PROGRAMS = {
  'packyard-registry': 'registry/main.ts',
  worker: 'worker/main.ts',
  painter: 'lib/pictures/painter.ts',
  launcher: 'tools/launcher/door.ts',
  keys: 'tools/keys/main.ts',
  seed: 'prisma/seed.ts',
}

const ALWAYS = ['package-lock.json', 'tools/build.mjs']
const CLIENT = ['prisma/schema.prisma', 'prisma.config.ts', 'tools/prisma.mjs', 'tools/prisma-engine.mjs']

const steps = [
  {
    name: 'the database client',
    sources: CLIENT,
    make: generate,
    isThere: () => existsSync(path.join(ROOT, 'lib/db/generated/client.ts')),
  },
  {
    name: 'the programs',
    sources: [
      ...CLIENT,
      'lib',
      'cli',
      'registry',
      'worker',
      'tools/launcher',
      'tools/keys',
      'prisma/seed.ts',
      'tsconfig.json',
    ],
    make: bundle,
    isThere: () =>
      ['packyard', 'parser-thread', ...programs().map(([name]) => name)].every((name) =>
        existsSync(path.join(DIST, `${name}.mjs`)),
      ),
  },
  {
    name: 'the console',
    sources: [
      ...CLIENT,
      ...['app', 'components', 'lib', 'public', 'proxy.ts', 'instrumentation.ts', 'next.config.ts'],
      ...['console', 'postcss.config.mjs', 'tsconfig.json'],
    ],
    make: buildConsole,
    isThere: () => existsSync(path.join(DIST, 'console/server.js')),
  },
]

/** Those whose source is there. */
function programs() {
  return Object.entries(PROGRAMS).filter(([, entry]) => existsSync(path.join(ROOT, entry)))
}

/** All that a launcher and its programs need besides the console. */
export const PROGRAM_STEPS = ['the database client', 'the programs']

function generate() {
  run('The database client could not be made', ['tools/prisma.mjs', 'generate'])
}

const BUNDLING = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: 'linked',
  logLevel: 'warning',
}

/** Packages in the old form ask for Node's own modules by require. */
const REQUIRE =
  "import { createRequire as packyardRequire } from 'node:module'; const require = packyardRequire(import.meta.url);"

/**
 * Bundles the command line with all that it needs. Its commands load what they use when they run, which packages that
 * stay outside would undo: `packyard --version` takes half the time so.
 *
 * @param {string} outfile
 */
export async function bundleCommandLine(outfile) {
  const { build } = await import('esbuild')
  await build({
    ...BUNDLING,
    entryPoints: ['cli/main.ts'],
    outfile,
    banner: { js: REQUIRE },
  })
}

/** The thread that reads foreign files, with all that it needs and no more: see lib/parser/start-thread.ts. */
async function bundleParser() {
  const { build } = await import('esbuild')
  await build({
    ...BUNDLING,
    entryPoints: ['lib/parser/thread.ts'],
    outfile: path.join(DIST, 'parser-thread.mjs'),
    minify: true,
    banner: { js: REQUIRE },
  })
}

async function bundle() {
  const { build } = await import('esbuild')
  await bundleCommandLine(path.join(DIST, 'packyard.mjs'))
  await bundleParser()
  await build({
    ...BUNDLING,
    entryPoints: Object.fromEntries(programs()),
    outdir: DIST,
    outExtension: { '.js': '.mjs' },
    // They run beside node_modules: what stands there is not copied.
    packages: 'external',
  })
}

/** The console's program, in the place of the one that Next.js made: see console/main.ts. */
async function bundleConsole(folder) {
  const { build } = await import('esbuild')
  await build({
    ...BUNDLING,
    entryPoints: ['console/main.ts'],
    outfile: path.join(folder, 'server.js'),
    external: ['next', ...BESIDE],
    minify: true,
    banner: { js: REQUIRE },
  })
}

async function buildConsole() {
  run('The console could not be built', ['node_modules/next/dist/bin/next', 'build'])
  // Moved out of .next, where the next build begins by clearing away.
  const made = path.join(DIST, 'console.new')
  const target = path.join(DIST, 'console')
  rmSync(made, { recursive: true, force: true })
  renameSync(path.join(ROOT, '.next/standalone'), made)
  cpSync(path.join(ROOT, '.next/static'), path.join(made, '.next/static'), { recursive: true })
  if (existsSync(path.join(ROOT, 'public')))
    cpSync(path.join(ROOT, 'public'), path.join(made, 'public'), { recursive: true })
  await bundleConsole(made)
  rmSync(target, { recursive: true, force: true })
  renameSync(made, target)
}

function run(problem, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  })
  if (status !== 0) throw new Error(`${problem}:\n${stdout}${stderr}`)
}

const SKIPPED = /(?:^|\/)(?:generated|node_modules)$|\.test\.tsx?$/

function hashOf(sources) {
  const hash = createHash('sha256')
  const read = (relative) => {
    const full = path.join(ROOT, relative)
    if (SKIPPED.test(relative) || !existsSync(full)) return
    const entries = isFolder(full)
    if (entries) for (const entry of entries.sort()) read(path.join(relative, entry))
    else hash.update(`${relative}\0`).update(readFileSync(full)).update('\0')
  }
  for (const source of [...ALWAYS, ...sources]) read(source)
  return hash.digest('hex')
}

function isFolder(full) {
  try {
    return readdirSync(full)
  } catch (error) {
    if (error.code === 'ENOTDIR') return null
    throw error
  }
}

const readBuilt = () => (existsSync(BUILT) ? JSON.parse(readFileSync(BUILT, 'utf8')) : {})

/**
 * Makes what is missing or older than its sources.
 *
 * @param {(line: string) => void} say is told what is made
 * @param {string[]} only names of steps; all where left out
 */
export async function build(say, only = steps.map((step) => step.name)) {
  const wanted = steps.filter((step) => only.includes(step.name))
  const stale = () => {
    const built = readBuilt()
    return wanted.filter((step) => built[step.name] !== hashOf(step.sources) || !step.isThere())
  }
  if (stale().length === 0) return
  mkdirSync(DIST, { recursive: true })
  const claimed = await claim(path.join(DIST, 'building.json'), WAIT_FOR_ANOTHER_MS)
  if (!claimed.release) throw new Error(`Another build (process ${claimed.pid}) does not end.`)
  try {
    // Another build may just have made them.
    for (const step of stale()) {
      const start = Date.now()
      const hash = hashOf(step.sources)
      await step.make()
      writeFileSync(BUILT, `${JSON.stringify({ ...readBuilt(), [step.name]: hash }, null, 2)}\n`)
      say(`Built ${step.name} in ${((Date.now() - start) / 1000).toFixed(1)} s`)
    }
  } finally {
    claimed.release()
  }
}

/** `--programs`: without the console, which development makes page by page. */
const only = process.argv[2] === '--programs' ? PROGRAM_STEPS : undefined
if (process.argv[1] === fileURLToPath(import.meta.url))
  await build(console.log, only).catch((error) => {
    // Several attempts that failed together (an AggregateError) have no message of their own.
    console.error(error.message || error)
    process.exitCode = 1
  })
