import type { Socket } from 'node:net'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'

import { env } from '../env'
import { log } from '../log'
import { UID } from '../uid'
import { PrismaClient } from './generated/client'

const POOL_SIZE = 10
const MAX_CLIENTS = 200
const CONNECT_TIMEOUT_MS = 10_000
/** No statement of ours takes as long. A line that went dead without a word is given up then. */
const QUERY_TIMEOUT_MS = 5 * 60_000
/** Nor does one of those that are written here, unless its caller says so: who waits for them is held up for no longer. */
export const SMALL_QUERY_MS = 15_000
const KEEP_ALIVE_MS = 10_000
/**
 * A transaction whose process says nothing more (stopped, or cut off) gives up its locks after this time, so that
 * another process can take over what it had: a sync's lease is fifteen seconds.
 */
const SILENT_TRANSACTION_MS = 10_000

/** Opens a transaction that sees one tenant's rows only. The uid is checked, since SET takes no parameters. */
function begin(tenantId: string): string {
  if (!UID.test(tenantId)) throw new Error('Not a tenant uid')
  return `BEGIN; SET LOCAL packyard.tenant_id = '${tenantId}'`
}

/**
 * One tenant's view of the shared pool: each statement runs in a transaction of its own that first names the tenant.
 * With pipelining its three messages are one round trip. Prisma's own transactions are opened the same way.
 *
 * @see docs/decisions/0003-tenant-isolation.md
 */
export class TenantPool extends pg.Pool {
  constructor(
    private readonly base: pg.Pool,
    readonly tenantId: string,
  ) {
    super({ max: 1 }) // never connects: Prisma's adapter wants an instance of Pool
    begin(tenantId)
  }

  // biome-ignore lint/suspicious/noExplicitAny: the overloads of pg
  override query(query: any, values?: any): any {
    return this.run(
      typeof query === 'string' ? { text: query, values, query_timeout: SMALL_QUERY_MS } : query,
    )
  }

  private async run(query: pg.QueryConfig) {
    const client = await this.base.connect()
    let broken: Error | undefined
    try {
      const [opened, result, closed] = await inOneWrite(client, () =>
        Promise.allSettled([
          client.query(begin(this.tenantId)),
          client.query(query),
          client.query('COMMIT'), // of a failed transaction: a rollback
        ]),
      )
      if (opened.status === 'rejected') broken = opened.reason
      else if (closed.status === 'rejected') broken = closed.reason
      if (result.status === 'rejected') throw result.reason
      if (broken) throw broken
      return result.value
    } finally {
      client.release(broken)
    }
  }

  // biome-ignore lint/suspicious/noExplicitAny: the overloads of pg
  override async connect(): Promise<any> {
    const client = await this.base.connect()
    const { tenantId } = this
    return new Proxy(client, {
      get(target, property) {
        if (property === 'query')
          // biome-ignore lint/suspicious/noExplicitAny: the overloads of pg
          return (query: any, ...rest: any[]) =>
            target.query(
              (query?.text ?? query) === 'BEGIN'
                ? { text: begin(tenantId), query_timeout: SMALL_QUERY_MS }
                : query,
              ...rest,
            )
        const value = Reflect.get(target, property)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  /** The base pool is everybody's. */
  override async end() {}
}

/** What is sent meanwhile leaves together: each write wakes PostgreSQL up, which costs more than most statements. */
function inOneWrite<T>(client: pg.PoolClient, send: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  stream.cork()
  try {
    return send()
  } finally {
    stream.uncork()
  }
}

// Next's development server loads modules anew; the pools must outlive that.
const shared = globalThis as typeof globalThis & {
  packyardPools?: {
    app: pg.Pool
    system: pg.Pool
    clients: Map<string, PrismaClient>
    operator?: PrismaClient
  }
}

function pools() {
  if (shared.packyardPools) return shared.packyardPools
  const open = (connectionString: string, max: number) => {
    const pool = new pg.Pool({
      connectionString,
      max,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      pipeline: true,
    } as pg.PoolConfig)
    pool.on('error', () => {}) // an idle connection broke: the next query opens another and reports
    // One in use broke: its query is told. Without a listener it would end the process.
    pool.on('connect', (client) => {
      client.on('error', () => {})
      // By a statement, and not as the connection opens: poolers refuse parameters that they do not know. Where it
      // fails the connection is broken, and whoever took it is told.
      client.query(`SET idle_in_transaction_session_timeout = ${SILENT_TRANSACTION_MS}`).catch(() => {})
    })
    return pool
  }
  const { DATABASE_APP_URL, DATABASE_SYSTEM_URL } = env()
  shared.packyardPools = {
    app: open(DATABASE_APP_URL, POOL_SIZE),
    system: open(DATABASE_SYSTEM_URL, 4),
    clients: new Map(),
  }
  return shared.packyardPools
}

/** The database as one tenant sees it. Small: one client a tenant, over one pool. */
export function inTenant(tenantId: string): PrismaClient {
  const { clients, app } = pools()
  const held = clients.get(tenantId)
  clients.delete(tenantId) // put back last: the map is in order of use
  const client = held ?? new PrismaClient({ adapter: new PrismaPg(new TenantPool(app, tenantId)) })
  clients.set(tenantId, client)
  if (clients.size > MAX_CLIENTS) for (const oldest of [...clients.keys()].slice(0, 1)) clients.delete(oldest)
  return client
}

/** Set-based SQL as one tenant sees it, each statement in a transaction of its own. */
export function sqlInTenant(tenantId: string): TenantPool {
  return new TenantPool(pools().app, tenantId)
}

/** Every tenant's rows: for what comes before a tenant is known (sign-in) and for the queue's tick. */
export function asOperator(): PrismaClient {
  const held = pools()
  held.operator ??= new PrismaClient({ adapter: new PrismaPg(held.system) })
  return held.operator
}

/** Set-based SQL over every tenant's rows. */
export const operatorSql = (): pg.Pool => pools().system

const READY_TIMEOUT_MS = 2_000

/** Whether the database answers a question within two seconds. */
export async function isDatabaseReady(): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('No answer in time')), READY_TIMEOUT_MS)
  })
  try {
    await Promise.race([pools().app.query('SELECT 1'), late])
    return true
  } catch (error) {
    log.warn({ err: error }, 'The database does not answer')
    return false
  } finally {
    clearTimeout(timer)
  }
}

/** Ends the pools, so that a process can end. */
export async function closeDatabase(): Promise<void> {
  const held = shared.packyardPools
  shared.packyardPools = undefined
  await Promise.all([held?.app.end(), held?.system.end()])
}
