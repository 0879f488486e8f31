import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
// With installing left out, a build may be in it.
const UP_WITHIN_MS = 240_000
const DOWN_WITHIN_MS = 60_000

export interface Up {
  process: ChildProcess
  /** What it has printed so far, both streams. */
  printed(): string
  /** Waits for a text in what it prints. Fails when it ends before. */
  says(text: string | RegExp, withinMs?: number): Promise<void>
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** The environment of a tool as somebody's shell has it: nothing of another part of the suite, whose database it would take. */
export const environmentWith = (settings: Record<string, string>): NodeJS.ProcessEnv => ({
  ...(Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(?:PORT|HOST|DATABASE_|PACKYARD_|NEXTAUTH_|npm_|NODE_ENV$|NODE_OPTIONS$|VITEST)/.test(name),
    ),
  ) as NodeJS.ProcessEnv),
  ...settings,
})

/** Starts the launcher itself, as `npm run up` does. */
export function startUp(env: Record<string, string>, script = ['tools/up.mjs']): Up {
  const child = spawn(process.execPath, script, {
    cwd: ROOT,
    env: environmentWith(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  let isOver = false
  ended.then(() => {
    isOver = true
  })
  return {
    process: child,
    printed: () => output,
    ended,
    async says(text, withinMs = UP_WITHIN_MS) {
      const found = () => (typeof text === 'string' ? output.includes(text) : text.test(output))
      for (const end = Date.now() + withinMs; !found(); await sleep(50))
        if (isOver || Date.now() > end)
          throw new Error(
            `The launcher did not say ${text}${isOver ? ' and ended' : ''}. It said:\n${output}`,
          )
    },
    async stop(signal = 'SIGTERM') {
      if (!isOver) child.kill(signal)
      const code = await Promise.race([ended, sleep(DOWN_WITHIN_MS, 'late' as const)])
      if (code === 'late') throw new Error(`The launcher does not end. It said:\n${output}`)
      return code
    },
  }
}

/** A data directory and two free ports for one launcher. */
export async function freshSettings(dataDir: string) {
  const [port, registryPort] = [await freePort(), await freePort()]
  return {
    PORT: String(port),
    PACKYARD_REGISTRY_PORT: String(registryPort),
    PACKYARD_DATA_DIR: path.resolve(dataDir),
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** What first-start.txt tells; empty where it does not. */
export function readFirstStart(text: string) {
  const find = (pattern: RegExp) => pattern.exec(text) ?? []
  const [, email = '', password = ''] = find(/^ +Email +(\S+)\n +Password +(\S+)/m)
  const [, registryUser = '', registryPassword = ''] = find(/^ +User name +(\S+)\n +Password +(\S+)/m)
  const [, url = ''] = find(/^ +Console +(\S+)/m)
  const [, registry = ''] = find(/^ +Pack registry +http:\/\/(\S+)/m)
  return { url, email, password, registry, registryUser, registryPassword }
}
