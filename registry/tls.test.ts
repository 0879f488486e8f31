import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'

import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'

import { makeCertificate } from '@/tests/support/certificates'

import { readTls, reloadTls } from './tls'

test('connections get the new certificate once its files are there, and the old one while they are broken', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tls-'))
  const settings = {
    certificate: join(directory, 'tls.crt'),
    key: join(directory, 'tls.key'),
    clientcas: [],
    minimumtls: 'tls1.2' as const,
  }
  const lines: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) })
  const install = async (name: string) => {
    const made = await makeCertificate(name)
    await writeFile(settings.key, made.key)
    await writeFile(settings.certificate, made.cert)
  }
  await install('first.example')
  const server = createServer(await readTls(settings, log)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const end = reloadTls(server, settings, log, 20)
  onTestFinished(async () => {
    end()
    server.close()
    server.closeAllConnections()
    await rm(directory, { recursive: true })
  })
  const nameSeen = async () => {
    const { port } = server.address() as AddressInfo
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const { CN } = socket.getPeerCertificate().subject
    socket.destroy()
    return CN
  }
  expect(await nameSeen()).toBe('first.example')
  await install('second.example')
  await expect.poll(nameSeen, { timeout: 4_000 }).toBe('second.example')
  await writeFile(settings.key, 'no key')
  await expect.poll(() => lines.join(''), { timeout: 4_000 }).toMatch(/cannot be used.*one before is used/)
  expect(await nameSeen()).toBe('second.example')
  await install('third.example')
  await expect.poll(nameSeen, { timeout: 4_000 }).toBe('third.example')
}, 30_000)
