import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, test } from 'vitest'

import { startPart, worthSaying } from './part.mjs'

function run(script: string) {
  const said: string[] = []
  const logDir = mkdtempSync(path.join(tmpdir(), 'packyard-part-'))
  const part = startPart({
    name: 'part',
    node: process.execPath,
    args: ['-e', script],
    env: process.env,
    cwd: logDir,
    logDir,
    say: (line: string) => said.push(line),
  })
  return { part, said, log: () => readFileSync(path.join(logDir, 'part.log'), 'utf8') }
}

test('people see warnings and errors of a log, with their reason, and nothing else', () => {
  expect(worthSaying('{"level":30,"msg":"Synced a registry"}', false)).toBe('')
  expect(worthSaying('{"level":40,"msg":"Slow"}', false)).toBe('warning: Slow')
  expect(worthSaying('{"level":50,"msg":"Failed","err":{"message":"No route"}}', false)).toBe(
    'error: Failed (No route)',
  )
  // As the registry writes it.
  expect(worthSaying('{"level":40,"message":"Clock","err":{"message":"Behind"}}', true)).toBe(
    'warning: Clock (Behind)',
  )
  expect(worthSaying('{"level":40,"message":"Not sent","reason":"Refused"}', true)).toBe(
    'warning: Not sent (Refused)',
  )
})

test('text that is no log line is shown where it stands on the error stream', () => {
  expect(worthSaying('Ready in 0ms', false)).toBe('')
  expect(worthSaying('TypeError: x is not a function', true)).toBe('TypeError: x is not a function')
})

test('all that a part prints is in its log, and its last lines are at hand', async () => {
  const { part, log } = run('console.log("one"); console.error("two"); process.exitCode = 3')
  expect(await part.ended).toMatchObject({ code: 3 })
  expect(log()).toMatch(/one\n/)
  expect(part.tail().split('\n').sort()).toEqual(['one', 'two'])
})

test('a part that ends while starting fails the start with its last lines', async () => {
  const { part } = run('console.error("no such setting"); process.exitCode = 1')
  await expect(part.logs('up')).rejects.toThrow(/ended while starting \(code 1\)[\s\S]*no such setting/)
})

test('a part is up when its log tells of the event', async () => {
  const { part } = run(
    'console.log(JSON.stringify({ level: 30, event: "worker-up" })); setInterval(() => {}, 1000)',
  )
  await part.logs('worker-up')
  await part.stop()
  expect(await part.ended).toMatchObject({ signal: 'SIGTERM' })
})
