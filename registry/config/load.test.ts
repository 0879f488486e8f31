import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import type { Environment } from './environment'
import { defaultConfig, loadConfig } from './load'
import { DEFAULT_HEADERS } from './schema'

async function load(yaml: string, env: Environment = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'config-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'config.yml')
  await writeFile(path, yaml)
  return loadConfig(path, env)
}

const SMALL = 'version: 0.1\nstorage: inmemory\n'

test('the variables of the docker line make its configuration', async () => {
  const { config, warnings } = await loadConfig(undefined, {
    REGISTRY_LOG_LEVEL: 'info',
    REGISTRY_AUTH: 'htpasswd',
    REGISTRY_AUTH_HTPASSWD_REALM: 'Registry Realm',
    REGISTRY_AUTH_HTPASSWD_PATH: '/auth/htpasswd-basic',
    REGISTRY_HTTP_TLS_CERTIFICATE: '/certs/tls.crt',
    REGISTRY_HTTP_TLS_KEY: '/certs/tls.key',
  })
  expect(warnings).toEqual([])
  expect(config.auth?.htpasswd).toMatchObject({
    realm: 'Registry Realm',
    path: '/auth/htpasswd-basic',
    roles: { admin: ['admin'] },
    anonymous: 'none',
  })
  expect(config.http).toMatchObject({
    addr: ':5000',
    tls: { certificate: '/certs/tls.crt', key: '/certs/tls.key', minimumtls: 'tls1.2' },
    headers: DEFAULT_HEADERS,
  })
  expect(config.log.level).toBe('info')
})

test('the places that are mounted into the container are the default', () => {
  expect(defaultConfig(() => true)).toMatchObject({
    storage: { filesystem: { rootdirectory: '/data/.spectro-server' } },
    http: { tls: { certificate: '/certs/tls.crt', key: '/certs/tls.key' } },
    auth: { htpasswd: { path: '/auth/htpasswd-basic' } },
  })
  expect(defaultConfig(() => false).http).not.toHaveProperty('tls')
})

test('REGISTRY_AUTH=htpasswd alone lacks realm and path, and the message names their variables', async () => {
  const loading = load(`${SMALL}auth: {htpasswd: {realm: r, path: p}}`, { REGISTRY_AUTH: 'htpasswd' })
  await expect(loading).rejects.toThrow(/REGISTRY_AUTH_HTPASSWD_REALM.*\n.*REGISTRY_AUTH_HTPASSWD_PATH/)
})

test('without an auth section nobody has to sign in', async () => {
  expect((await load(SMALL)).config.auth).toBeUndefined()
})

test('a misspelled variable, and a key that only Distribution heeds, are named in warnings', async () => {
  const { warnings } = await load(`${SMALL}health: {storagedriver: {enabled: true}}`, { REGISTRY_AUHT: 'x' })
  expect(warnings).toEqual([expect.stringContaining('health'), expect.stringContaining('REGISTRY_AUHT')])
})

test('a key that nobody knows is refused, with those that there are', async () => {
  await expect(load(`${SMALL}http: {adress: ':1'}\nproxy: {remoteurl: x}`)).rejects.toThrow(
    /http\.adress is no key .* http has addr, .*\n.*proxy is no key .* has version, log/,
  )
})

test.each(['push', '[push, delete]'])('%s is what a user may', async (roles) => {
  const auth = (given: string) => `${SMALL}auth: {htpasswd: {realm: r, path: p, roles: {ci: ${given}}}}`
  const { config } = await load(auth(roles))
  expect(config.auth?.htpasswd?.roles.ci).toContain('push')
  await expect(load(auth('everything'))).rejects.toThrow(
    /roles\.ci .*one or a list of read, push, delete, admin/,
  )
})

test('headers of the file replace the default ones', async () => {
  const { config } = await load(`${SMALL}http: {headers: {X-Mine: [a, b]}}`)
  expect(config.http.headers).toEqual({ 'X-Mine': ['a', 'b'] })
})

test("Distribution's names for levels are understood", async () => {
  expect((await load(`${SMALL}log: {level: warning}`)).config.log.level).toBe('warn')
})

test.each([
  ['storage: s3', /storage\.s3 is not supported/],
  ['version: 0.1', /storage must name one driver/],
  ['version: 0.2\nstorage: inmemory', /version \(REGISTRY_VERSION\): must be 0\.1/],
  [`${SMALL}auth: token`, /auth must be htpasswd or none/],
  [`${SMALL}auth: {htpasswd: {realm: r, path: p}, token: {realm: x}}`, /auth\.token is set/],
  [`${SMALL}http: {tls: {certificate: a}}`, /REGISTRY_HTTP_TLS_KEY/],
  [`${SMALL}http: {tls: {letsencrypt: {email: a}}}`, /ACME are not supported/],
  [`${SMALL}http: {tls: {certificate: a, key: b, minimumtls: tls1.0}}`, /tls1\.2 or tls1\.3/],
  ['[1]', /holds no keys/],
  ['a: [', /is no YAML/],
])('%j is refused with the key at fault', async (yaml, message) => {
  await expect(load(yaml)).rejects.toThrow(message)
})

test('a configuration that is not there is named', async () => {
  await expect(loadConfig('/nowhere/config.yml', {})).rejects.toThrow(/\/nowhere\/config\.yml cannot be read/)
})

test('who is notified is set as Distribution has it, in the file or by variables', async () => {
  const yaml = `${SMALL}
notifications:
  endpoints:
    - name: console
      url: https://packyard.example.com/v1/packyard/hooks/registries/1
      headers: {X-Team: [one, two]}
      secretfile: /run/secrets/hook
      timeout: 1m30s
      threshold: 3
      backoff: 500ms
      ignoredmediatypes: [application/octet-stream]
`
  const { config, warnings } = await load(yaml, {
    REGISTRY_NOTIFICATIONS_ENDPOINTS_0_SECRET: '0123456789012345',
  })
  expect(warnings).toEqual([])
  expect(config.notifications.endpoints).toEqual([
    {
      ...{ name: 'console', disabled: false, headers: { 'X-Team': ['one', 'two'] } },
      url: 'https://packyard.example.com/v1/packyard/hooks/registries/1',
      ...{ secret: '0123456789012345', secretfile: '/run/secrets/hook' },
      ...{ timeout: 90_000, threshold: 3, backoff: 500 },
    },
  ])
})

test.each([
  ['URL', 'ftp://x', /http:\/\/ or https:\/\//],
  ['URL', 'https://user:word@x', /no user name or password/],
  ['SECRET', 'short', /16 characters/],
  ['TIMEOUT', '5', /duration/],
  ['BACKOFF', '-1s', /duration/],
])('an endpoint with a wrong %s is refused at the start, without its value', async (key, value, message) => {
  const name = `REGISTRY_NOTIFICATIONS_ENDPOINTS_0_${key}`
  const env = { REGISTRY_NOTIFICATIONS_ENDPOINTS_0_URL: 'https://x', [name]: value }
  const failed = await load(SMALL, env).catch((error: Error) => error)
  expect(failed).toMatchObject({ message: expect.stringMatching(message) })
  expect(String(failed)).toContain(name)
  expect(String(failed)).not.toContain(`${value}"`)
})
