import net from 'node:net'

import { expect, test } from 'vitest'

import { PASSWORD_MIN } from '../../lib/access/password'
import { checkPorts, readSettings } from './settings.mjs'

test('without any variable the console is on 3000 and the registry on 5001 of the loopback address', () => {
  expect(readSettings({})).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    registryPort: 5001,
    url: 'http://127.0.0.1:3000',
    registryEndpoint: 'http://127.0.0.1:5001',
    registryServer: '127.0.0.1:5001',
    databaseUrl: '',
  })
})

test('development keeps its data apart, unless a folder is named', () => {
  expect(readSettings({}).dataDir).toMatch(/\.packyard$/)
  expect(readSettings({}, { dev: true }).dataDir).toMatch(/\.packyard\/dev$/)
  expect(readSettings({ PACKYARD_DATA_DIR: '/srv/packyard' }, { dev: true }).dataDir).toBe('/srv/packyard')
})

test('a host that means every address is not told to people as one', () => {
  expect(readSettings({ HOST: '0.0.0.0' })).toMatchObject({
    url: 'http://127.0.0.1:3000',
    registryEndpoint: 'http://127.0.0.1:5001',
  })
  expect(readSettings({ HOST: '0.0.0.0', PACKYARD_URL: 'https://packs.example.com/' })).toMatchObject({
    url: 'https://packs.example.com',
    registryServer: 'packs.example.com:5001',
  })
})

test('what is no address of a PostgreSQL is refused without repeating it', () => {
  for (const url of ['mysql://root:secret@db/packyard', 'secret', 'postgresql//secret']) {
    expect(() => readSettings({ DATABASE_URL: url })).toThrow(/^DATABASE_URL is no address/)
    expect(() => readSettings({ DATABASE_URL: url })).not.toThrow(/secret/)
  }
  const url = 'postgres://owner:o%20w%2Fn@db.example.com/packyard'
  expect(readSettings({ DATABASE_URL: url }).databaseUrl).toBe(url)
})

test('an IPv6 host stands in brackets', () => {
  expect(readSettings({ HOST: '::1' })).toMatchObject({
    url: 'http://[::1]:3000',
    registryAddress: '[::1]:5001',
  })
})

test.each([
  [{ PORT: '70000' }, /^PORT is "70000"/],
  [{ PACKYARD_REGISTRY_PORT: 'x' }, /^PACKYARD_REGISTRY_PORT is "x"/],
  [{ PORT: '5001' }, /^PORT and PACKYARD_REGISTRY_PORT are both 5001/],
  [{ PACKYARD_URL: 'packs.example.com' }, /^PACKYARD_URL is "packs.example.com"/],
  [{ PACKYARD_URL: 'https://example.com/packyard' }, /^PACKYARD_URL/],
  [{ PACKYARD_ADMIN_EMAIL: 'admin' }, /^PACKYARD_ADMIN_EMAIL is "admin"/],
  [{ PACKYARD_ADMIN_PASSWORD: 'too short' }, /^PACKYARD_ADMIN_PASSWORD is too short/],
])('a setting that cannot be is refused with its name: %o', (env, message) => {
  expect(() => readSettings(env)).toThrow(message)
})

test('the launcher asks for as long a password as the console', () => {
  expect(() => readSettings({ PACKYARD_ADMIN_PASSWORD: 'x'.repeat(PASSWORD_MIN - 1) })).toThrow()
  expect(() => readSettings({ PACKYARD_ADMIN_PASSWORD: 'x'.repeat(PASSWORD_MIN) })).not.toThrow()
})

test('a taken port is named with its variable', async () => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as net.AddressInfo
  try {
    await expect(checkPorts({ host: '127.0.0.1', port, registryPort: port + 1 })).rejects.toThrow(
      `Port ${port} is taken by another program. Set PORT to another port`,
    )
  } finally {
    server.close()
  }
})
