import { spawn } from 'node:child_process'
import path from 'node:path'

import { bundleCommandLine } from '../../tools/build.mjs'

const TIMEOUT_MS = 30_000

export interface CliRun {
  code: number | null
  stdout: string
  stderr: string
}

/** The command line as it is shipped, for `runCli`. */
export async function bundleCli(directory: string): Promise<string> {
  const file = path.join(directory, 'packyard.mjs')
  await bundleCommandLine(file)
  return file
}

/** Runs the bundled command line as scripts do: a process of its own, without a terminal. */
export function runCli(
  file: string,
  home: string,
  args: string[],
  input = '',
  env: Record<string, string> = {},
): Promise<CliRun> {
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, PACKYARD_HOME: home, NODE_OPTIONS: '', ...env },
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
