import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, test } from 'vitest'

import { claim } from './claim.mjs'
import { identify, isAlive } from './process-identity.mjs'

const newFile = () => path.join(mkdtempSync(path.join(tmpdir(), 'packyard-claim-')), 'running.json')
const GONE = { pid: 4_000_000, start: '1' }

test('a folder that another process holds is not claimed, and the holder is named', async () => {
  const file = newFile()
  writeFileSync(file, JSON.stringify({ ...identify(process.ppid), parts: [] }))
  expect(await claim(file, 100)).toEqual({ pid: process.ppid })
})

test('a folder that was given back is claimed', async () => {
  const file = newFile()
  const first = await claim(file, 100)
  if (!('release' in first)) throw new Error('not claimed')
  first.release()
  expect(await claim(file, 100)).toMatchObject({ orphans: [] })
})

test('a process that got the number of a dead holder later does not hold the folder', async () => {
  const file = newFile()
  writeFileSync(file, JSON.stringify({ pid: process.ppid, start: 'another moment', parts: [] }))
  expect(await claim(file, 100)).toMatchObject({ orphans: [] })
})

test('what a killed holder has left running is ended and named; a process that only has its number is not', async () => {
  const file = newFile()
  const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  try {
    const orphan = { name: 'worker', ...identify(left.pid) }
    const stranger = { name: 'registry', pid: other.pid, start: '1' }
    writeFileSync(file, JSON.stringify({ ...GONE, parts: [orphan, stranger] }))
    expect(await claim(file, 100)).toMatchObject({ orphans: ['worker'] })
    expect(isAlive(orphan)).toBe(false)
    expect(other.exitCode).toBeNull()
  } finally {
    left.kill('SIGKILL')
    other.kill('SIGKILL')
  }
})

test('of many that claim at once exactly one has it', async () => {
  const file = newFile()
  writeFileSync(file, JSON.stringify({ ...GONE, parts: [] }))
  const script = `import { claim } from '${new URL('./claim.mjs', import.meta.url).href}'
    const claimed = await claim(${JSON.stringify(file)}, 300)
    console.log(claimed.release ? 'has it' : 'has not')
    setTimeout(() => {}, 3000)`
  const answers = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let text = ''
      for await (const chunk of child.stdout) text += chunk
      return text.trim()
    }),
  )
  expect(answers.sort()).toEqual(['has it', 'has not', 'has not', 'has not'])
}, 30_000)
