import { existsSync, readdirSync, readlinkSync } from 'node:fs'

import { closedPort } from '../support/servers'
import { Broken } from './check'
import { startConsole } from './faults/processes'
import { sleep, type World } from './world'

const WARM_ROUNDS = 40
const ROUNDS = 200
const ROUND_MS = 60
/** Pools and kept-alive connections end by themselves in less. */
const SETTLE_MS = 20_000
const SAMPLES = 10
/** What comes and goes: a sign of life, a question what is due. A leak has one for each round. */
const SLACK = 5

const TOKEN = 'a token of the leak check'

/** What a process holds. */
type Holdings = Record<'files' | 'sockets' | 'timers' | 'handles', number>

/** Why this machine cannot do it; null where it can. */
export const leaksLack = (): string | null =>
  !existsSync('/proc/self/fd')
    ? 'it needs /proc'
    : existsSync('dist/console/server.js')
      ? null
      : 'the console is not built (npm run build)'

/**
 * Counts what console and worker hold open, before and after many syncs and requests of which many break off. Nothing
 * may grow with their number.
 *
 * @throws Broken
 */
export async function mustNotLeak(
  world: World,
  random: () => number,
  say: (line: string) => void,
): Promise<void> {
  for (const worker of [...world.workers]) await worker.end()
  const listen = `127.0.0.1:${await closedPort()}`
  const settings = { PACKYARD_METRICS_TOKEN: TOKEN, PACKYARD_METRICS_LISTEN: listen }
  const worker = await world.startWorker(settings)
  const console_ = await startConsole(world, settings)
  const watched = [
    { name: 'worker', pid: worker.process.pid ?? 0, url: `http://${listen}` },
    { name: 'console', pid: console_.process.pid ?? 0, url: console_.url },
  ]
  try {
    await rounds(world, console_.url, WARM_ROUNDS, random)
    const before = await Promise.all(watched.map(settled))
    await rounds(world, console_.url, ROUNDS, random)
    const after = await Promise.all(watched.map(settled))
    for (const [at, { name }] of watched.entries()) {
      const grown = Object.entries(after[at] ?? {}).map(([what, number]) => {
        const from = before[at]?.[what as keyof Holdings] ?? 0
        return { what, from, number, isLeak: number > from + SLACK }
      })
      say(`${name}: ${grown.map(({ what, from, number }) => `${what} ${from} → ${number}`).join(', ')}`)
      const leak = grown.find((one) => one.isLeak)
      if (leak)
        throw new Broken(
          'I2',
          `the ${name} holds ${leak.number} ${leak.what} after ${ROUNDS} rounds, ${leak.from} before`,
        )
    }
  } finally {
    console_.process.kill('SIGTERM')
    await console_.ended
    await worker.end()
  }
}

/** Syncs whose network breaks, and requests that are broken off. */
async function rounds(world: World, url: string, times: number, random: () => number): Promise<void> {
  for (let round = 0; round < times; round++) {
    await world.due(world.hit, world.calm)
    const asked = [
      fetch(`${url}/v1/users/info`),
      fetch(`${url}/readyz`),
      fetch(`${url}/v1/openapi.json`, { signal: AbortSignal.timeout(1 + Math.floor(random() * 20)) }),
      fetch(`${url}/v1/auth/authenticate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new ReadableStream({ start: (body) => body.enqueue(Buffer.from('{"emailId":')) }),
        duplex: 'half',
        signal: AbortSignal.timeout(1 + Math.floor(random() * 40)),
      } as RequestInit),
    ]
    await Promise.all(asked.map((one) => one.then((answer) => answer.text()).catch(() => {})))
    await sleep(random() * ROUND_MS)
    if (random() < 0.5) world.registryProxy.reset()
    if (random() < 0.1) world.databaseProxy.reset()
  }
}

/** What a process holds once it has nothing to do: the least of several looks. */
async function settled({ pid, url }: { pid: number; url: string }): Promise<Holdings> {
  await sleep(SETTLE_MS)
  const looks: Holdings[] = []
  for (let look = 0; look < SAMPLES; look++) {
    looks.push(await holdings(pid, url))
    await sleep(300)
  }
  const least = (what: keyof Holdings) => Math.min(...looks.map((one) => one[what]))
  return {
    files: least('files'),
    sockets: least('sockets'),
    timers: least('timers'),
    handles: least('handles'),
  }
}

async function holdings(pid: number, url: string): Promise<Holdings> {
  const answer = await fetch(`${url}/metrics`, {
    headers: { authorization: `Bearer ${TOKEN}`, connection: 'close' },
  })
  const text = await answer.text()
  const metric = (series: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')[1] ?? 0,
    )
  const open = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)]
    } catch {
      return [] // closed meanwhile
    }
  })
  const sockets = open.filter((one) => one.startsWith('socket:')).length
  return {
    ...{ files: open.length - sockets, sockets },
    timers: metric('nodejs_active_resources{type="Timeout"}'),
    handles: metric('nodejs_active_handles_total'),
  }
}
