// Runs the prisma command. Where its own schema engine is not installed (it is downloaded, and some machines cannot),
// a stand-in made of Prisma's WebAssembly engine answers instead. See docs/decisions/0002-prisma-without-downloads.md
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const engines = here('../node_modules/@prisma/engines/')
const hasEngine =
  existsSync(engines) && readdirSync(engines).some((file) => file.startsWith('schema-engine-'))

const env = { ...process.env }
if (!env.PRISMA_SCHEMA_ENGINE_BINARY && !hasEngine)
  env.PRISMA_SCHEMA_ENGINE_BINARY = here('./prisma-engine.mjs')

const { status } = spawnSync(
  process.execPath,
  [here('../node_modules/prisma/build/index.js'), ...process.argv.slice(2)],
  { stdio: 'inherit', env, timeout: 120_000 },
)
process.exit(status ?? 1)
