import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, cpSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import path from 'node:path'

import { pushPack } from '../../support/packs'
import { type RegistryProcess, startRegistryProcess, variablesFor } from '../../support/registry-process'
import { Broken } from '../check'
import { type Fault, oneWorker } from '../fault'
import { BUILT_REGISTRY, sleep, type World } from '../world'
import { fill, mountSmall } from './small-disk'

const PUSHERS = 8
const USERS = { admin: 'writes-1' }

const has = (command: string): boolean => {
  try {
    execFileSync('which', [command], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A registry of its own, with pushers that note what was acknowledged. */
async function withPushes(
  world: World,
  name: string,
  work: (registry: {
    dir: string
    running: () => RegistryProcess
    start: () => Promise<void>
    acknowledged: Map<string, string>
  }) => Promise<void>,
): Promise<void> {
  const dir = path.join(world.dir, name)
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const small = mountSmall(dir, 48)
  const variables = await variablesFor(dir, USERS)
  let running = await startRegistryProcess(variables, [], BUILT_REGISTRY)
  variables.REGISTRY_HTTP_ADDR = new URL(running.url).host
  const acknowledged = new Map<string, string>()
  let isPushing = true
  let count = 0
  const pushers = Array.from({ length: PUSHERS }, async (_, who) => {
    while (isPushing) {
      const [pack, version] = [`pushed-${who}`, `1.0.${++count}`]
      try {
        const target = { url: running.url, user: 'admin', password: USERS.admin }
        const digest = await pushPack(target, {
          name: pack,
          version,
          readme: `# ${count} ${'x'.repeat(20_000)}`,
        })
        acknowledged.set(`${pack}/${version}`, digest)
      } catch {
        // Not acknowledged: it need not be there, and may be tried again.
        await sleep(50)
      }
    }
  })
  try {
    await work({
      ...{ dir, acknowledged },
      running: () => running,
      async start() {
        running = await startRegistryProcess(variables, [], BUILT_REGISTRY)
      },
    })
    isPushing = false
    await Promise.all(pushers)
    await mustHaveAll(running.url, acknowledged)
  } finally {
    isPushing = false
    await Promise.allSettled(pushers)
    await running.end('SIGKILL')
    if (small) execFileSync('umount', [dir], { stdio: 'ignore' })
  }
  await world.due(world.hit, world.calm)
}

/** Every push that was acknowledged is there, with the right bytes (I11). */
async function mustHaveAll(url: string, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  const headers = { authorization: `Basic ${btoa(`admin:${USERS.admin}`)}` }
  for (const [key, digest] of acknowledged) {
    const [pack, version] = key.split('/')
    const manifest = await fetch(`${url}/v1/${pack}/manifests/${version}`, { headers })
    const bytes = Buffer.from(await manifest.arrayBuffer())
    if (manifest.status !== 200 || `sha256:${createHash('sha256').update(bytes).digest('hex')}` !== digest)
      throw new Broken('I11', `${key} was acknowledged and is not there as it was (${manifest.status})`)
    for (const layer of JSON.parse(bytes.toString()).layers) {
      const blob = Buffer.from(
        await (await fetch(`${url}/v1/${pack}/blobs/${layer.digest}`, { headers })).arrayBuffer(),
      )
      if (`sha256:${createHash('sha256').update(blob).digest('hex')}` !== layer.digest)
        throw new Broken('I11', `a layer of ${key} is not there as it was`)
    }
  }
}

const killRegistry: Fault = {
  ...{ number: 3, name: 'the registry server is killed while packs are pushed', points: [] },
  strike: (world, _, random) =>
    withPushes(world, 'killed', async ({ running, start }) => {
      for (let i = 0; i < 4; i++) {
        await sleep(150 + random() * 300)
        await running().end('SIGKILL')
        await start()
      }
    }),
}

const registryDiskFull: Fault = {
  ...{ number: 10, name: "the registry server's disk is full", points: [], isForChaosOnly: true },
  lacks: (world) => (world.isOnSmallDisks ? null : 'it needs root, to make a small disk'),
  strike: (world) =>
    withPushes(world, 'full', async ({ dir, acknowledged }) => {
      await sleep(400)
      const free = fill(dir)
      await sleep(700)
      free()
      const before = acknowledged.size
      await sleep(1_000)
      if (acknowledged.size === before)
        throw new Broken('I6', 'after the disk had room again no push was taken')
    }),
}

const readOnly: Fault = {
  ...{ number: 11, name: "the registry server's disk may only be read", points: [], isForChaosOnly: true },
  lacks: (world) => (world.isOnSmallDisks ? null : 'it needs root, to make a disk of its own'),
  strike: (world) =>
    withPushes(world, 'read-only', async ({ dir, running, start }) => {
      await sleep(400)
      // A disk with files open for writing is not made read-only: as after a crash, it is so at the next start.
      await running().end('SIGKILL')
      execFileSync('mount', ['-o', 'remount,ro', dir], { stdio: 'ignore' })
      const refused = await start().then(
        () => false,
        () => true,
      )
      execFileSync('mount', ['-o', 'remount,rw', dir], { stdio: 'ignore' })
      if (refused) await start()
      await sleep(500)
    }),
}

const readErrors: Fault = {
  ...{ number: 12, name: 'reading from the disk fails now and then', points: [], isForChaosOnly: true },
  lacks: () => (has('strace') ? null : 'there is no strace'),
  strike: (world) => injected(world, 'read-errors', 'inject=pread64:error=EIO:when=5+7'),
}

const syncErrors: Fault = {
  ...{
    number: 13,
    name: 'the disk does not take what it was given (fsync fails)',
    points: [],
    isForChaosOnly: true,
  },
  lacks: () => (has('strace') ? null : 'there is no strace'),
  strike: (world) => injected(world, 'sync-errors', 'inject=fsync,fdatasync:error=EIO:when=3+5'),
}

/** Lets calls of the registry server fail for a second, then starts it anew as whoever watches it would. */
const injected = (world: World, name: string, rule: string) =>
  withPushes(world, name, async ({ running, start }) => {
    await sleep(300)
    const calls = rule.slice('inject='.length).split(':')[0]
    const tracer = spawn(
      'strace',
      ['-f', '-p', String(running().process.pid), '-e', `trace=${calls}`, '-e', rule],
      {
        stdio: 'ignore',
      },
    )
    await sleep(1_500)
    tracer.kill('SIGINT')
    await once(tracer, 'exit')
    await running().end('SIGKILL')
    await start()
    await sleep(300)
  })

const powerCut: Fault = {
  ...{ number: 14, name: 'the power is cut: what was not synced is torn', points: [] },
  strike: (world, _, random) =>
    withPushes(world, 'power', async ({ dir, running, start }) => {
      await sleep(500)
      await running().end('SIGKILL')
      // Uploads that were never finished: their last bytes may be anything.
      for (const file of files(path.join(dir, 'data/uploads')))
        truncateSync(file, Math.floor(statSync(file).size * random()))
      // A line of the journal that was being written, and of which a part came to the disk.
      appendFileSync(
        path.join(dir, 'data/journal'),
        '{"at":"2026-01-01T00:00:00Z","sequence":9'.slice(0, 3 + Math.floor(random() * 38)),
      )
      await start()
    }),
}

const files = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true, recursive: true } as never)
    .filter((one) => (one as unknown as { isFile(): boolean }).isFile())
    .map((one) => {
      const { parentPath, name } = one as unknown as { parentPath: string; name: string }
      return path.join(parentPath, name)
    })

const olderBackup: Fault = {
  ...{ number: 24, name: 'the registry is put back to an older backup', points: [] },
  hasSeveralStates: true,
  async strike(world) {
    await oneWorker(world)
    const { hit } = world.registries
    const backup = path.join(world.dir, 'backup')
    await hit.end()
    rmSync(backup, { recursive: true, force: true })
    cpSync(hit.data, backup, { recursive: true })
    await hit.start()
    await hit.push('pack-2', `9.${Date.now() % 100_000}.0`)
    await world.due(world.hit, world.calm)
    await sleep(2_000)
    await hit.end()
    rmSync(hit.data, { recursive: true, force: true })
    cpSync(backup, hit.data, { recursive: true })
    await hit.start()
    await world.due(world.hit, world.calm)
  },
}

export const STORAGE_FAULTS = [
  killRegistry,
  registryDiskFull,
  readOnly,
  readErrors,
  syncErrors,
  powerCut,
  olderBackup,
]
