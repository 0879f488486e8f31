import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import { hashSync } from 'bcryptjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const START_MS = 30_000

export interface RegistryProcess {
  /** As the server says it, without a slash at its end. */
  url: string
  process: ChildProcess
  /** What it wrote on standard error. */
  log(): string
  /** Sends a signal and waits for the end. @returns the exit code, null after a kill */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

export const temporaryDirectory = (): Promise<string> =>
  mkdtemp(path.join(tmpdir(), 'packyard-registry-test-'))

/** A line of `htpasswd -Bbn`. */
export const htpasswdLine = (user: string, password: string): string =>
  `${user}:${hashSync(password, 5).replace(/^\$2b/, '$2y')}\n`

/** The variables of a server with users, on a free port of the loopback address. */
export async function variablesFor(
  directory: string,
  users: Record<string, string> | null,
): Promise<Record<string, string>> {
  const htpasswd = path.join(directory, 'htpasswd-basic')
  if (users)
    await writeFile(
      htpasswd,
      Object.entries(users)
        .map(([user, password]) => htpasswdLine(user, password))
        .join(''),
    )
  return {
    REGISTRY_HTTP_ADDR: '127.0.0.1:0',
    REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: path.join(directory, 'data'),
    ...(users
      ? {
          REGISTRY_AUTH: 'htpasswd',
          REGISTRY_AUTH_HTPASSWD_REALM: 'Registry Realm',
          REGISTRY_AUTH_HTPASSWD_PATH: htpasswd,
        }
      : { REGISTRY_AUTH: 'none' }),
  }
}

/** Runs the program until it ends. */
export async function runRegistry(args: string[], variables: Record<string, string> = {}) {
  const child = spawnRegistry(args, variables)
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

/** Starts `packyard-registry serve` as a process of its own and waits until it listens. */
export async function startRegistryProcess(
  variables: Record<string, string>,
  args: string[] = [],
  program = SOURCE,
): Promise<RegistryProcess> {
  const child = spawnRegistry(['serve', ...args], variables, program)
  let [stdout, stderr] = ['', '']
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const exited = once(child, 'exit')
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The registry does not listen:\n${stderr}`)), START_MS)
    child.stdout?.on('data', (chunk) => {
      stdout += chunk
      const found = /listens on (\S+)\n/.exec(stdout)?.[1]
      if (found) resolve(found)
    })
    exited.then(
      () => reject(new Error(`The registry ended:\n${stderr}`)),
      (error) => reject(error),
    )
    child.once('exit', () => clearTimeout(timer))
  })
  return {
    url,
    process: child,
    log: () => stderr,
    async end(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      return (await exited)[0]
    },
  }
}

/** How the program is run: from its source, or as it was built. */
const SOURCE = ['--import', 'tsx', 'registry/main.ts']

function spawnRegistry(args: string[], variables: Record<string, string>, program = SOURCE): ChildProcess {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('REGISTRY_')),
  )
  return spawn(process.execPath, [...program, ...args], {
    cwd: ROOT,
    env: { ...inherited, ...variables } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
