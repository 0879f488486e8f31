import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'

import { Journal } from './journal'

async function emptyPath() {
  const directory = await mkdtemp(join(tmpdir(), 'journal-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return join(directory, 'journal')
}

const recordsOf = async (path: string) => {
  const { journal, history } = await openPlain(path)
  await journal.close()
  return history
}
const Line = z.object({ n: z.number() })
const openPlain = (path: string) => Journal.open(path, Line, () => {})

async function journalOf(count: number) {
  const path = await emptyPath()
  const { journal } = await openPlain(path)
  await Promise.all(Array.from({ length: count }, (_, n) => journal.append({ n })))
  await journal.close()
  return path
}

test('what was appended is read again, in its order', async () => {
  const path = await journalOf(50)
  const { records } = await recordsOf(path)
  expect(records.map(({ record }) => record.n)).toEqual(Array.from({ length: 50 }, (_, n) => n))
})

test('a change is visible before its append resolves, and not before it is in the file', async () => {
  const path = await emptyPath()
  const seen: string[] = []
  const { journal } = await Journal.open(path, Line, ({ n }) => seen.push(`visible ${n}`))
  await journal.append({ n: 1 })
  seen.push('acknowledged')
  expect(seen).toEqual(['visible 1', 'acknowledged'])
  expect(await readFile(path, 'utf8')).toContain('{"n":1}')
  await journal.close()
})

test('an unfinished last line is cut off, and the journal goes on', async () => {
  const path = await journalOf(2)
  await appendFile(path, `abcdef {"n":${' '.repeat(488)}`)
  const { journal, history } = await openPlain(path)
  expect(history).toMatchObject({ tornBytes: 500 })
  expect(history.records).toHaveLength(2)
  await journal.append({ n: 2 })
  await journal.close()
  const again = await recordsOf(path)
  expect(again.records.map(({ record }) => record.n)).toEqual([0, 1, 2])
  expect(again.tornBytes).toBe(0)
})

test('a line that was changed afterwards is not believed', async () => {
  const path = await journalOf(2)
  await writeFile(path, (await readFile(path, 'utf8')).replace('{"n":1}', '{"n":7}'))
  expect((await recordsOf(path)).records.map(({ record }) => record.n)).toEqual([0])
})

test('damage with more behind it than a crash can tear stops the start, with the place', async () => {
  const path = await emptyPath()
  const { journal } = await Journal.open(path, z.object({ text: z.string() }), () => {})
  for (let i = 0; i < 4; i++) await journal.append({ text: String(i).repeat(500_000) })
  await journal.close()
  const bytes = await readFile(path)
  const at = bytes.indexOf('{"text":"0')
  bytes[at + 12] = 0x37
  await writeFile(path, bytes)
  await expect(Journal.open(path, z.object({ text: z.string() }), () => {})).rejects.toThrow(
    /is damaged at byte/,
  )
})

test('a shortened journal keeps its revision and begins with the records given', async () => {
  const path = await journalOf(3)
  await Journal.shorten(path, 'the-revision', [{ n: 9 }])
  const history = await recordsOf(path)
  expect(history.revision).toBe('the-revision')
  expect(history.records.map(({ record }) => record.n)).toEqual([9])
})

test('histories that went apart never have the same name again', async () => {
  const path = await journalOf(1)
  const copy = await readFile(path)
  const linkAfter = async (n: number) => {
    await writeFile(path, copy)
    let name = ''
    const { journal } = await Journal.open(path, Line, (_, link) => {
      name = link
    })
    await journal.append({ n })
    await journal.close()
    return name
  }
  expect(await linkAfter(5)).not.toBe(await linkAfter(6))
})
