import path from 'node:path'

import pg from 'pg'

import { at, EVERYWHERE, type Fault, oneWorker } from '../fault'
import { reach } from '../points'
import { sleep, type World } from '../world'
import { fill } from './small-disk'

const MOST_CONNECTIONS = 120

const killDatabase: Fault = {
  ...{ number: 5, name: 'the database is killed', points: EVERYWHERE, isOfDatabase: true },
  async strike(world, point) {
    await oneWorker(world)
    await at(world, point, () => world.database.kill('SIGKILL'))
    await startAgain(world)
  },
}

const restartDatabase: Fault = {
  ...{ number: 6, name: 'the database is restarted in order', points: EVERYWHERE, isOfDatabase: true },
  async strike(world, point) {
    await oneWorker(world)
    await at(world, point, async (held) => {
      held.release()
      await world.database.kill('SIGINT')
    })
    await startAgain(world)
  },
}

/** Processes of a killed server take a moment to notice. */
export async function startAgain(world: World): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      return await world.database.start()
    } catch (error) {
      if (i >= 20) throw error
      await sleep(300)
    }
  }
}

const noConnections: Fault = {
  ...{ number: 7, name: 'the database has no connection left', points: EVERYWHERE, isOfDatabase: true },
  async strike(world, point) {
    await oneWorker(world)
    const taken: pg.Client[] = []
    const held = await reach(world, point)
    try {
      for (let i = 0; i < MOST_CONNECTIONS; i++) {
        const client = new pg.Client({
          connectionString: process.env.DATABASE_APP_URL,
          connectionTimeoutMillis: 2_000,
        })
        client.on('error', () => {})
        await client.connect()
        taken.push(client)
      }
    } catch {
      // None is left.
    }
    held.release()
    await sleep(3_000)
    await Promise.all(taken.map((client) => client.end().catch(() => {})))
  },
}

const lockedRows: Fault = {
  ...{
    number: 8,
    name: 'a table is locked, a session ended, a deadlock made',
    points: ['write', 'commit'],
    isOfDatabase: true,
  },
  async strike(world, point) {
    await oneWorker(world)
    const held = await reach(world, point)
    const owner = new pg.Client({ connectionString: world.database.url() })
    await owner.connect()
    try {
      // The sync waits for this lock; asking for what the sync has closes the circle, and the sync is the first to notice.
      await owner.query(
        `BEGIN; SET LOCAL deadlock_timeout = '20s'; LOCK TABLE pack_tag, sync_run IN ACCESS EXCLUSIVE MODE`,
      )
      const circle = owner.query('LOCK TABLE pack_version IN ACCESS EXCLUSIVE MODE').catch(() => {})
      held.release()
      await Promise.race([circle, sleep(4_000)])
      await world.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND usename IN ('packyard_app', 'packyard_jobs') AND state <> 'idle'`,
      )
      await circle
      await owner.query('ROLLBACK')
    } finally {
      await owner.end()
    }
  },
}

const diskFull: Fault = {
  ...{ number: 9, name: "the database's disk is full", points: [], isOfDatabase: true, isForChaosOnly: true },
  lacks: (world) => (world.isOnSmallDisks ? null : 'it needs root, to make a small disk'),
  async strike(world) {
    await oneWorker(world)
    const free = fill(path.join(world.dir, 'postgres'))
    await world.registries.hit.change()
    await world.due(world.hit, world.calm)
    await sleep(3_000)
    free()
    // A database that could not write its log ends itself.
    await world.database.kill('SIGINT').catch(() => {})
    await startAgain(world)
  },
}

export const DATABASE_FAULTS = [killDatabase, restartDatabase, noConnections, lockedRows, diskFull]
