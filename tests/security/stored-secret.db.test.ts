import http from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { closeDatabase, sqlInTenant } from '@/lib/db/in-tenant'
import { openRegistry } from '@/lib/registries/open'
import { makeCertificate } from '../support/certificates'
import { newConsole, send, signIn } from '../support/console'

// Whoever may edit a registry, and does not know its password, must not get the console to send it elsewhere.

const SECRET = 'the stored secret'
const heard: string[] = []
/** Where an attacker listens: it hears every request that somebody can be talked into. */
const stranger = http.createServer((request, response) => {
  heard.push(`${request.url} ${request.headers.authorization ?? 'without credentials'}`)
  // As a registry that wants a password would.
  response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end('{}')
})
let elsewhere: string
let tenantId: string
let admin: Record<string, string>
let ca: string

beforeAll(async () => {
  await new Promise<void>((done) => stranger.listen(0, '127.0.0.1', done))
  elsewhere = `127.0.0.1:${(stranger.address() as AddressInfo).port}`
  const world = await newConsole()
  tenantId = world.tenantId
  admin = await signIn(world.admin)
  ca = (await makeCertificate('registry.example.com')).cert
})
afterAll(async () => {
  stranger.close()
  await closeDatabase()
})

const call = async (method: string, path: string, body: unknown) => {
  const response = await send(method, path, { headers: admin, body })
  return { status: response.status, body: (await response.json().catch(() => ({}))) as Record<string, never> }
}

interface Spec {
  endpoint: string
  auth: Record<string, unknown>
  [more: string]: unknown
}
const HERE = 'https://registry.example.com:8443/base'

/** The wire operations of each kind. Saved as paused, so that nothing is asked of a server that is not there. */
const KINDS = {
  pack: {
    create: '/v1/registries/pack?skipPackSync=true',
    one: (uid: string) => `/v1/registries/pack/${uid}?skipPackSync=true`,
    validate: '/v1/registries/pack/validate',
    rest: {},
  },
  helm: {
    create: '/v1/registries/helm',
    one: (uid: string) => `/v1/registries/helm/${uid}`,
    validate: '/v1/registries/helm/validate',
    rest: { createOption: { skipSync: true } },
  },
  oci: {
    create: '/v1/registries/oci/basic?skipPackSync=true',
    one: (uid: string) => `/v1/registries/oci/${uid}/basic?skipPackSync=true`,
    validate: '/v1/registries/oci/basic/validate',
    rest: { providerType: 'pack', packyard: { tokenServer: 'https://tokens.example.com' } },
  },
} as const

const KINDS_AND_AUTHS = (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind) =>
  (['basic', 'token'] as const).map((auth) => [kind, auth] as const),
)

describe.each(KINDS_AND_AUTHS)('the stored secret of a %s registry with %s', (kind, type) => {
  const { create, one, validate, rest } = KINDS[kind]
  const field = type === 'basic' ? 'password' : 'token'
  const spec = (change: Partial<Spec> = {}, auth: Record<string, unknown> = {}): Spec => ({
    ...{ endpoint: HERE, ...rest, ...change },
    auth: { type, ...(type === 'basic' && { username: 'ada' }), tls: { ca }, ...auth },
  })
  const bodyOf = (all: Spec) => ({ metadata: { name: `${kind} ${type}` }, spec: all })
  let uid: string

  beforeAll(async () => {
    const { status, body } = await call('POST', create, bodyOf(spec({}, { [field]: SECRET })))
    expect(status).toBe(201)
    uid = body.uid ?? ''
  })

  const opened = async () => {
    const { auth } = await openRegistry(tenantId, uid)
    return auth.type === 'basic' ? auth.password : auth.type === 'token' ? auth.token : null
  }
  const sealed = async () =>
    (await sqlInTenant(tenantId).query('SELECT sealed_secret FROM registry WHERE id = $1', [uid])).rows[0]
      .sealed_secret

  const ABSENT: [string, Record<string, unknown>][] = [
    ['absent', {}],
    ['empty', { [field]: '' }],
    ['masked', { [field]: '********' }],
    ['null', { [field]: null }],
  ]

  test.each(ABSENT)('stays where it goes to the same place, and the PUT has it %s', async (_, auth) => {
    for (const endpoint of [
      HERE,
      'https://REGISTRY.example.com:8443/other/path/',
      'registry.example.com.:8443',
    ])
      expect((await call('PUT', one(uid), bodyOf(spec({ endpoint }, auth)))).status).toBe(204)
    expect(await opened()).toBe(SECRET)
  })

  const other = type === 'basic' ? 'token' : 'basic'
  const ELSEWHERE: [string, Partial<Spec>, Record<string, unknown>][] = [
    ['another scheme', { endpoint: HERE.replace('https', 'http') }, {}],
    ['another host', { endpoint: 'https://registry.example.org:8443/base' }, {}],
    ['a host that ends like it', { endpoint: 'https://evil-registry.example.com:8443' }, {}],
    ['a host that begins like it', { endpoint: 'https://registry.example.com.evil.example:8443' }, {}],
    ['another port', { endpoint: 'https://registry.example.com:9443/base' }, {}],
    ['the default port', { endpoint: 'https://registry.example.com/base' }, {}],
    ['no CA', {}, { tls: { ca: '' } }],
    ['another CA', {}, { tls: { ca: `${'x'.repeat(10)}${'\n'}` } }],
    ['a CA in the other field besides', {}, { tls: { ca: '', certificate: '-----BEGIN CERTIFICATE-----' } }],
    ['no verification', {}, { tls: { ca, insecureSkipVerify: true } }],
    ['all at once', { endpoint: 'http://evil.example:1' }, { tls: { insecureSkipVerify: true } }],
    ['another kind of secret', {}, { type: other, ...(other === 'basic' && { username: 'ada' }) }],
    ...(kind === 'oci'
      ? ([
          ['another token server', { packyard: { tokenServer: 'https://tokens.example.org' } }, {}],
          ['no token server', { packyard: { tokenServer: '' } }, {}],
        ] as [string, Partial<Spec>, Record<string, unknown>][])
      : []),
  ]
  const combinations = ELSEWHERE.flatMap(([what, change, auth]) =>
    ABSENT.map(([how, secret]) => [what, how, change, { ...auth, ...secret }] as const),
  )

  test.each(combinations)(
    'is asked for again at spec.auth with %s, and the PUT has it %s',
    async (_w, _h, change, auth) => {
      const before = await sealed()
      const { status, body } = await call('PUT', one(uid), bodyOf(spec(change, auth)))
      expect([status, body.details]).toEqual([400, { fields: { 'spec.auth': expect.any(String) } }])
      expect(await sealed()).toBe(before)
    },
  )

  test('is not shown to an address that is tested before it is saved', async () => {
    heard.length = 0
    const there = spec({ endpoint: `http://${elsewhere}`, registryUid: uid, uid }, { tls: {} })
    for (const [, auth] of ABSENT) {
      const tested = { ...there, auth: { ...there.auth, ...auth } }
      expect((await call('POST', validate, tested)).status).toBe(422)
      for (const body of [
        { kind, spec: tested },
        { kind, spec: { ...tested, registryUid: uid } },
      ])
        expect((await call('POST', '/v1/packyard/registries/check', body)).body.passed).toBe(false)
      // The stored one is tested as it is stored, or not at all.
      const both = await call('POST', '/v1/packyard/registries/check', { registryUid: uid, spec: tested })
      expect(both.status).toBe(400)
      for (const body of [
        { registryUid: uid, endpoint: there.endpoint },
        { registryUid: uid, tls: {}, kind: 'helm' },
      ]) {
        const { body: report } = await call('POST', '/v1/packyard/registries/check', body)
        expect(report.endpoint).toMatch(/^https:\/\/registry\.example\.com:8443/)
      }
      expect((await call('PUT', one(uid), bodyOf(tested))).status).toBe(400)
    }
    expect(heard.length).toBeGreaterThan(0)
    expect(heard.join('\n')).not.toContain(Buffer.from(`ada:${SECRET}`).toString('base64'))
    expect(heard.join('\n')).not.toContain(SECRET)
  })

  test('goes with a new one given, to wherever that is entered for', async () => {
    const there = spec({ endpoint: 'https://registry.example.org' }, { [field]: 'a new one' })
    expect((await call('PUT', one(uid), bodyOf(there))).status).toBe(204)
    expect(await opened()).toBe('a new one')
    expect((await call('PUT', one(uid), bodyOf(spec({}, { type: 'noAuth' })))).status).toBe(204)
    expect([await opened(), await sealed()]).toEqual([null, null])
  })
})
