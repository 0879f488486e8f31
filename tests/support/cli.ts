import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TIMEOUT_MS = 30_000

export interface CliRun {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs the command line as people do in a checkout: a process of its own, without a terminal. */
export function runCli(home: string, args: string[], input = ''): Promise<CliRun> {
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(ROOT, 'cli/main.ts'), ...args], {
    cwd: ROOT,
    env: { ...process.env, PACKYARD_HOME: home, NODE_OPTIONS: '' },
    timeout: TIMEOUT_MS,
  })
  const run: CliRun = { code: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    run.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    run.stderr += text
  })
  child.stdin.on('error', () => {}).end(input)
  return new Promise((done, fail) => {
    child.on('error', fail).on('close', (code) => done({ ...run, code }))
  })
}
