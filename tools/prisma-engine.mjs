#!/usr/bin/env node
// Stand-in for Prisma's native schema engine, a development tool only: the same JSON-RPC on standard input and
// output, answered by Prisma's own WebAssembly engine through its PostgreSQL adapter.
// Why, and what it works round: docs/decisions/0002-prisma-without-downloads.md
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import * as wasm from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'

const OID_CHAR = 18
const OID_TEXT = 25
const PANIC_EXIT = 101

const options = readOptions(process.argv.slice(2))

function readOptions(args) {
  const read = { schemas: [], datasource: {}, command: null, version: false }
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--datamodels') read.schemas.push(args[++i])
    else if (args[i] === '--datasource') read.datasource = JSON.parse(args[++i])
    else if (args[i] === 'cli') read.command = args[++i]
    else if (args[i] === '--version' || args[i] === '-V') read.version = true
    else if (args[i].startsWith('--')) i++
  }
  return read
}

const logError = (message, code) =>
  process.stderr.write(
    `\n${JSON.stringify({
      level: 'ERROR',
      target: 'schema_engine::logger',
      fields: { message, ...(code && { error_code: code }) },
    })}\n`,
  )

if (options.version) {
  console.log('schema-engine-cli wasm')
  process.exit(0)
}
if (options.command) process.exit(await runCommand(options.command))

/** `can-connect-to-database`, `create-database` */
async function runCommand(command) {
  const url = new URL(options.datasource.url)
  const database = decodeURIComponent(url.pathname.slice(1))
  if (command === 'create-database') url.pathname = '/postgres'
  const client = new pg.Client({ connectionString: url.href })
  try {
    await client.connect()
    if (command === 'create-database') await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`)
    return 0
  } catch (error) {
    const known = { '3D000': 'P1003', '28P01': 'P1000', 28000: 'P1000', '42P04': 'P1009' }
    logError(error.message || error.code, known[error.code] ?? 'P1001')
    return 1
  } finally {
    await client.end()
  }
}

let panic = null
globalThis.PRISMA_WASM_PANIC_REGISTRY = {
  set_message: (message) => {
    panic = String(message)
  },
}
process.on('uncaughtException', (error) => {
  logError(panic ?? error.stack)
  process.exit(PANIC_EXIT)
})

const module = fileURLToPath(
  new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm')),
)
const { instance } = await WebAssembly.instantiate(readFileSync(module), { './schema_engine_bg.js': wasm })
wasm.__wbg_set_wasm(instance.exports)
instance.exports.__wbindgen_start()

let mended = false

/** Gives the adapter what the engine expects of it; on the prototypes, once. */
function mend(adapter) {
  if (mended) return adapter
  mended = true
  const connection = Object.getPrototypeOf(adapter)
  const queryable = Object.getPrototypeOf(connection)
  const { queryRaw, performIO } = queryable
  // The adapter cuts a script at every semicolon, also inside a function's body.
  connection.executeScript = async function executeScript(script) {
    try {
      await this.client.query(script)
    } catch (error) {
      this.onError(error)
    }
  }
  // The catalog's type "char" has no mapping: read it as text, hand it over as a character.
  queryable.queryRaw = async function queryRawWithChar(query) {
    let characters = []
    const reader = Object.create(this, {
      performIO: {
        value: async (statement) => {
          const result = await performIO.call(this, statement)
          characters = result.fields.flatMap((field, index) => {
            if (field.dataTypeID !== OID_CHAR) return []
            field.dataTypeID = OID_TEXT
            return [index]
          })
          return result
        },
      },
    })
    const result = await queryRaw.call(reader, query)
    for (const index of characters) result.columnTypes[index] = ColumnTypeEnum.Character
    return result
  }
  return adapter
}

function connectionOptions(url) {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  const ssl = searchParams.get('sslmode')
  return {
    host: decodeURIComponent(hostname),
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    max: 1, // the migration lock belongs to a session
    ...(ssl && ssl !== 'disable' && { ssl: { rejectUnauthorized: ssl.startsWith('verify') } }),
  }
}

const open = async (config, url) =>
  mend(await new PrismaPg(config, { schema: new URL(url).searchParams.get('schema') ?? undefined }).connect())

async function asAdmin(config, statement) {
  const client = new pg.Client(config)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

const factory = bindMigrationAwareSqlAdapterFactory({
  provider: 'postgres',
  adapterName: '@prisma/adapter-pg',
  connect: () => open(connectionOptions(options.datasource.url), options.datasource.url),
  async connectToShadowDb() {
    const { url, shadowDatabaseUrl } = options.datasource
    if (shadowDatabaseUrl) return open(connectionOptions(shadowDatabaseUrl), shadowDatabaseUrl)
    const config = connectionOptions(url)
    const database = `prisma_migrate_shadow_db_${randomUUID()}`
    await asAdmin(config, `CREATE DATABASE "${database}"`)
    const adapter = await open({ ...config, database }, url)
    const dispose = adapter.dispose.bind(adapter)
    adapter.dispose = async () => {
      await dispose()
      await asAdmin(config, `DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`)
    }
    return adapter
  },
})

let engine
const startEngine = () => {
  engine ??= wasm.SchemaEngine.new(
    {
      datamodels: options.schemas.length
        ? options.schemas.map((file) => [file, readFileSync(file, 'utf8')])
        : undefined,
    },
    () => {},
    factory,
  )
  return engine
}

function toRpcError(error) {
  if (error instanceof WebAssembly.RuntimeError) {
    const message = panic ?? error.message
    return { code: 4466, message, data: { is_panic: true, message } }
  }
  const known = factory.errorRegistry?.lookupError?.(error)
  const cause = known?.error ?? known ?? error
  const code = cause.code ?? cause.error_code
  return {
    code: 4466,
    message: 'An error happened. Check the data field for details.',
    data: {
      is_panic: false,
      message: cause.message ?? String(cause),
      ...(code && { error_code: code, meta: cause.meta ?? null }),
    },
  }
}

async function call({ method, params }) {
  const running = await startEngine()
  const name = method === 'getDatabaseVersion' ? 'version' : method
  if (typeof running[name] !== 'function') throw new Error(`${method} is not supported`)
  // These two read the migrations' schema from a cache that only devDiagnostic fills.
  if (name === 'evaluateDataLoss' || name === 'createMigration')
    await running.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters })
  const result = await running[name](params)
  if (name !== 'diff') return result ?? null
  const { stdout, ...rest } = result
  if (stdout) send({ id: nextPrintId++, method: 'print', params: { content: stdout } })
  return rest
}

let nextPrintId = 1_000_000
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

let pending = 0
let closing = false
const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
lines.on('line', async (line) => {
  const request = line.trim() === '' ? null : JSON.parse(line)
  if (!request?.method) return // an answer to one of our `print` requests
  pending++
  try {
    send({ id: request.id, result: await call(request) })
  } catch (error) {
    send({ id: request.id, error: toRpcError(error) })
  } finally {
    pending--
    if (closing && pending === 0) process.exit(0)
  }
})
lines.on('close', () => {
  closing = true
  if (pending === 0) process.exit(0)
})
