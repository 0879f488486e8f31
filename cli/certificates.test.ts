import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { trustedFor } from './certificates'

async function folders() {
  const root = await mkdtemp(path.join(tmpdir(), 'packyard-certs-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const write = async (folder: string, text: string) => {
    await mkdir(path.join(root, folder), { recursive: true })
    await writeFile(path.join(root, folder, 'ca.crt'), text)
  }
  const trusted = (server: string) => trustedFor(server, path.join(root, 'home'), path.join(root, 'system'))
  return { write, trusted }
}

test('certificates of the system and of the home are trusted, for their server only', async () => {
  const { write, trusted } = await folders()
  await write('system/reg.corp:5000', 'SYSTEM')
  await write('home/certs.d/reg.corp:5000', 'HOME')
  expect(await trusted('reg.corp:5000')).toBe('SYSTEM\nHOME')
  expect(await trusted('reg.corp:5000/packs')).toBe('SYSTEM\nHOME')
  expect(await trusted('reg.corp')).toBe('')
})

test("a server on TLS's own port is found with and without the port", async () => {
  const { write, trusted } = await folders()
  await write('system/reg.corp:443', 'WITH')
  await write('system/reg.corp', 'WITHOUT')
  expect(await trusted('reg.corp')).toBe('WITHOUT\nWITH')
})

test('a certificate that is there and cannot be read is an error', async () => {
  const { write, trusted } = await folders()
  await write('system/reg.corp/ca.crt', 'a folder in its place')
  await expect(trusted('reg.corp')).rejects.toThrow('ca.crt cannot be read')
})
