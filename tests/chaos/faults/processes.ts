import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'

import { Broken } from '../check'
import { at, EVERYWHERE, type Fault, oneWorker } from '../fault'
import { reach } from '../points'
import { sleep, type World } from '../world'

const FAKETIME = ['/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1', '/usr/lib/faketime/libfaketime.so.1']
const CGROUP = '/sys/fs/cgroup/memory'
const LEASE_MS = 15_000

const killWorker: Fault = {
  ...{ number: 1, name: 'the worker is killed', points: EVERYWHERE },
  async strike(world, point) {
    const worker = await oneWorker(world)
    await at(world, point, () => worker.end('SIGKILL'))
    await world.startWorker()
  },
}

const killConsole: Fault = {
  ...{ number: 2, name: 'the console is killed', points: EVERYWHERE },
  lacks: () => (existsSync('dist/console/server.js') ? null : 'the console is not built (npm run build)'),
  async strike(world, point) {
    const first = await startConsole(world)
    await at(world, point, async (held) => {
      first.process.kill('SIGKILL')
      await first.ended
      held.release()
    })
    const second = await startConsole(world)
    second.process.kill('SIGTERM')
    await second.ended
  },
}

export async function startConsole(world: World, env: Record<string, string> = {}) {
  const port = await new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
  const child = spawn(process.execPath, ['dist/console/server.js'], {
    env: {
      ...process.env,
      PORT: String(port),
      HOSTNAME: '127.0.0.1',
      NEXTAUTH_URL: `http://127.0.0.1:${port}`,
      ...env,
    },
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  for (let i = 0; ; i++) {
    const isReady = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      (one) => one.ok,
      () => false,
    )
    if (isReady) return { process: child, ended, url: `http://127.0.0.1:${port}` }
    if (i > 300 || child.exitCode !== null) throw new Error(`The console does not start beside ${world.dir}`)
    await sleep(100)
  }
}

const stopWorker: Fault = {
  ...{
    number: 4,
    name: 'the worker is stopped past its lease, and goes on',
    points: ['body', 'write', 'commit'],
  },
  async strike(world, point) {
    const stopped = await oneWorker(world)
    const held = await reach(world, point)
    stopped.process.kill('SIGSTOP')
    held.release()
    try {
      await world.startWorker()
      // Also where it was stopped in the midst of a transaction: another has taken over before it goes on.
      const isTakenOver = async () => {
        const [row] = await world.sql(`SELECT run_id FROM registry WHERE id = $1`, [world.hit])
        const [run] = await world.sql(
          `SELECT outcome FROM sync_run WHERE registry_id = $1 ORDER BY started_at DESC LIMIT 1`,
          [world.hit],
        )
        return row?.run_id === null && run?.outcome === 'completed'
      }
      for (const end = Date.now() + LEASE_MS + 10_000; !(await isTakenOver()); await sleep(200))
        if (Date.now() > end) throw new Broken('I9', 'no other worker took over what a stopped one had')
    } finally {
      stopped.process.kill('SIGCONT')
    }
    await sleep(1_500)
    await stopped.end('SIGKILL')
  },
}

const clockJumps: Fault = {
  ...{ number: 19, name: "the worker's clock is a year ahead, then a day behind", points: [] },
  ...{ isForChaosOnly: true, lacks: () => (FAKETIME.some(existsSync) ? null : 'there is no libfaketime') },
  async strike(world) {
    for (const offset of ['+365d', '-1d']) {
      await (await oneWorker(world)).end()
      await world.startWorker({
        LD_PRELOAD: FAKETIME.find(existsSync) ?? '',
        FAKETIME: offset,
        DONT_FAKE_MONOTONIC: '1',
      })
      await world.registries.hit.change()
      await world.due(world.hit, world.calm)
      await sleep(2_000)
    }
    await (await oneWorker(world)).end()
    await world.startWorker()
  },
}

const outOfMemory: Fault = {
  ...{ number: 20, name: 'the worker may have 256 MiB of memory', points: [] },
  isForChaosOnly: true,
  lacks: () => (process.getuid?.() === 0 && existsSync(CGROUP) ? null : 'it needs root and a memory cgroup'),
  async strike(world) {
    const group = path.join(CGROUP, `packyard-chaos-${process.pid}`)
    mkdirSync(group, { recursive: true })
    try {
      writeFileSync(path.join(group, 'memory.limit_in_bytes'), String(256 * 1024 * 1024))
      await (await oneWorker(world)).end()
      const worker = await world.startWorker()
      writeFileSync(path.join(group, 'cgroup.procs'), String(worker.process.pid))
      await world.due(world.hit, world.calm)
      await sleep(3_000)
      await worker.end('SIGKILL')
    } finally {
      await sleep(300)
      rmdirSync(group)
    }
    await world.startWorker()
  },
}

const fewFiles: Fault = {
  ...{ number: 21, name: 'the worker may open 64 files', points: [] },
  lacks: () => (process.platform === 'linux' ? null : 'it needs prlimit'),
  async strike(world) {
    const worker = await oneWorker(world)
    const limit = spawn('prlimit', ['--pid', String(worker.process.pid), '--nofile=64:64'], {
      stdio: 'ignore',
    })
    await once(limit, 'exit')
    await world.due(world.hit, world.calm)
    await sleep(2_500)
    await worker.end('SIGKILL')
    await world.startWorker()
  },
}

const twoWorkers: Fault = {
  ...{ number: 22, name: 'two workers take up one sync at once', points: [] },
  async strike(world) {
    await oneWorker(world)
    const second = await world.startWorker()
    for (let i = 0; i < 5; i++) {
      await world.due(world.hit, world.calm)
      await sleep(300)
    }
    await second.end()
  },
}

const upgrade: Fault = {
  ...{
    number: 23,
    name: 'a new version starts beside the old one, and changes the schema',
    points: ['body', 'write'],
  },
  isOfDatabase: true,
  async strike(world, point) {
    const held = await reach(world, point)
    // As a migration does that only adds: the old version does not know the column.
    const changed = world.sql('ALTER TABLE registry ADD COLUMN IF NOT EXISTS of_next_version text')
    const second = world.startWorker()
    await sleep(500)
    held.release()
    await changed
    await (await second).end()
    await world.sql('ALTER TABLE registry DROP COLUMN of_next_version')
  },
}

export const PROCESS_FAULTS = [
  killWorker,
  killConsole,
  stopWorker,
  clockJumps,
  outOfMemory,
  fewFiles,
  twoWorkers,
  upgrade,
]
