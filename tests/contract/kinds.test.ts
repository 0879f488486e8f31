import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { closeDatabase } from '@/lib/db/in-tenant'
import { adapterOf } from '@/lib/registries/adapter'
import { runSync } from '@/lib/sync/run'
import { packChart, startChartRepository } from '../support/chart-repository'
import { newConsole, send, signIn } from '../support/console'
import { startDockerRegistry } from '../support/docker-registry'
import { asChart, asOras, pushOci, toTgz } from '../support/oci'
import { packFiles, pushPack } from '../support/packs'
import { startTestRegistry } from '../support/registry'
import { isInstalled, startWeb, type TestServer } from '../support/servers'

// Every kind of registry, against a real server of it, by the operations that clients of the original know.

const USER = 'admin'
const PASSWORD = 'open-sesame-7'
const BASIC = { type: 'basic', username: USER, password: PASSWORD }
const NO_AUTH = { type: 'noAuth' }

interface Server {
  url: string
  close(): Promise<void>
}

interface Kind {
  /** What of the operations' paths is its own. */
  paths: { all: string; validate: string; one(uid: string): string; summary: string }
  /** Where the sync's state stands in what is answered. */
  statusKey: 'packSyncStatus' | 'helmSyncStatus' | 'syncStatus'
  auth: typeof BASIC | typeof NO_AUTH
  spec: Record<string, unknown>
  /** A server with one pack or chart, `water` 1.0.0. */
  start(): Promise<Server>
  isHere?: boolean
}

const paths = (kind: string) => ({
  all: `/v1/registries/${kind}`,
  validate: `/v1/registries/${kind}/validate`,
  one: (uid: string) => `/v1/registries/${kind}/${uid}`,
  summary: `/v1/registries/${kind}/summary`,
})
const OCI_PATHS = {
  all: '/v1/registries/oci/basic',
  validate: '/v1/registries/oci/basic/validate',
  one: (uid: string) => `/v1/registries/oci/${uid}/basic`,
  summary: '/v1/registries/oci/summary',
}
const authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`
const water = { name: 'water', version: '1.0.0' }
const archive = async () => asOras(await toTgz('water-1.0.0', packFiles(water)), 'water-1.0.0')

const KINDS: Record<string, Kind> = {
  'our registry as packs': {
    paths: paths('pack'),
    statusKey: 'packSyncStatus',
    auth: BASIC,
    spec: {},
    async start() {
      const server = await startTestRegistry({ users: { [USER]: PASSWORD } })
      await pushPack({ url: server.url, user: USER, password: PASSWORD }, water)
      return server
    },
  },
  'our registry as OCI, with an archive as the original has it': {
    paths: OCI_PATHS,
    statusKey: 'syncStatus',
    auth: BASIC,
    // Its catalog names packs alone.
    spec: { providerType: 'pack', packyard: { repositories: ['spectro-packs/archive/water'] } },
    async start() {
      const server = await startTestRegistry({ users: { [USER]: PASSWORD } })
      await pushOci(
        { url: server.url, authorization },
        'spectro-packs/archive/water',
        '1.0.0',
        await archive(),
      )
      return server
    },
  },
  "Debian's docker-registry, found by its catalog": {
    paths: OCI_PATHS,
    statusKey: 'syncStatus',
    auth: NO_AUTH,
    spec: { providerType: 'pack' },
    isHere: isInstalled('docker-registry'),
    async start() {
      const server = await startDockerRegistry()
      await pushOci(server, 'spectro-packs/archive/water', '1.0.0', await archive())
      return server
    },
  },
  "charts in Debian's docker-registry": {
    paths: OCI_PATHS,
    statusKey: 'syncStatus',
    auth: NO_AUTH,
    spec: { providerType: 'helm', baseContentPath: 'charts' },
    isHere: isInstalled('docker-registry'),
    async start() {
      const server = await startDockerRegistry()
      await pushOci(server, 'charts/water', '1.0.0', asChart((await packChart(water)).tgz))
      return server
    },
  },
  'a chart repository': {
    paths: paths('helm'),
    statusKey: 'helmSyncStatus',
    auth: BASIC,
    spec: {},
    async start() {
      const server = await startChartRepository([await packChart(water)])
      server.user = { name: USER, password: PASSWORD }
      return server
    },
  },
}

afterAll(closeDatabase)

describe.each(Object.entries(KINDS).filter(([, kind]) => kind.isHere !== false))('%s', (_, kind) => {
  let server: Server
  let other: TestServer
  let headers: Record<string, string>
  let tenantId: string
  let uid: string
  const seen: (string | undefined)[] = []

  const spec = (rest: Record<string, unknown> = {}, auth: Record<string, unknown> = kind.auth) => ({
    ...kind.spec,
    endpoint: server.url,
    auth: { ...auth, tls: { enabled: false, insecureSkipVerify: false, ca: '' } },
    ...rest,
  })
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await send(method, path, { headers, ...(body !== undefined && { body }) })
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : null }
  }
  const sync = () => runSync(tenantId, uid, adapterOf, new AbortController().signal)

  beforeAll(async () => {
    server = await kind.start()
    other = await startWeb(({ headers: { authorization } }, response) => {
      seen.push(authorization)
      response.writeHead(404).end()
    })
    const console = await newConsole()
    tenantId = console.tenantId
    headers = await signIn(console.admin)
  })
  afterAll(async () => {
    await server.close()
    await other.close()
  })

  test('it is validated before it is saved, and what is wrong is named', async () => {
    expect(await ask('POST', kind.paths.validate, spec())).toMatchObject({ status: 204 })
    const wrong = await ask('POST', kind.paths.validate, spec({ endpoint: `http://127.0.0.1:${other.port}` }))
    expect(wrong.status).toBe(422)
    expect(wrong.body.message).not.toBe('')
    if (kind.auth === BASIC) {
      const refused = await ask('POST', kind.paths.validate, spec({}, { ...BASIC, password: 'wrong' }))
      expect(refused).toMatchObject({ status: 422, body: { message: expect.stringContaining('401') } })
    }
  })

  test('it is created, and read without its secret', async () => {
    const created = await ask('POST', kind.paths.all, { metadata: { name: 'ours' }, spec: spec() })
    expect(created.status).toBe(201)
    uid = created.body.uid
    const read = await ask('GET', kind.paths.one(uid))
    expect(read).toMatchObject({
      status: 200,
      body: { metadata: { name: 'ours', uid }, spec: { endpoint: server.url } },
    })
    expect(JSON.stringify(read.body)).not.toContain(PASSWORD)
    expect((await ask('POST', kind.paths.all, { metadata: { name: 'ours' }, spec: spec() })).status).toBe(409)
  })

  test('under the path of another kind it is not there', async () => {
    const elsewhere = kind.paths === OCI_PATHS ? paths('pack') : OCI_PATHS
    expect((await ask('GET', elsewhere.one(uid))).status).toBe(404)
    expect((await ask('POST', `${elsewhere.one(uid)}/sync`)).status).toBe(404)
  })

  test('its first sync brings the pack, and the summary tells so', async () => {
    expect((await ask('GET', `${kind.paths.one(uid)}/sync/status`)).body).toMatchObject({ status: 'Pending' })
    await sync()
    expect((await ask('GET', `${kind.paths.one(uid)}/sync/status`)).body).toMatchObject({
      status: 'Completed',
      isSyncSupported: true,
    })
    expect((await ask('GET', kind.paths.one(uid))).body.status[kind.statusKey].status).toBe('Completed')
    const { body } = await ask('GET', kind.paths.summary)
    const [one] = body.items
    expect(one).toMatchObject({
      metadata: { uid },
      status: { packyard: { state: 'healthy', packs: 1, versions: 1 } },
    })
    const found = await ask('POST', '/v1/packs/search', { filter: { registryUid: [uid] } })
    expect(found.body.items).toMatchObject([
      { spec: { name: 'water', registries: [{ latestVersion: '1.0.0' }] } },
    ])
  })

  test('a change without a secret keeps the stored one at its address, and takes it to no other', async () => {
    const auth = { ...kind.auth, ...(kind.auth === BASIC && { password: '********' }) }
    const body = { metadata: { name: 'renamed' }, spec: spec({}, auth) }
    expect((await ask('PUT', kind.paths.one(uid), body)).status).toBe(204)
    await ask('POST', `${kind.paths.one(uid)}/sync`)
    await sync()
    expect((await ask('GET', `${kind.paths.one(uid)}/sync/status`)).body.status).toBe('Completed')
    if (kind.auth !== BASIC) return
    const moved = { ...body, spec: spec({ endpoint: `http://127.0.0.1:${other.port}` }, auth) }
    const refused = await ask('PUT', kind.paths.one(uid), moved)
    expect(refused).toMatchObject({
      status: 400,
      body: { details: { fields: { 'spec.auth': expect.any(String) } } },
    })
    expect(seen.filter((one) => one?.includes(authorization))).toEqual([])
  })

  test('it is deleted with its packs', async () => {
    expect((await ask('DELETE', kind.paths.one(uid))).status).toBe(204)
    expect((await ask('GET', kind.paths.one(uid))).status).toBe(404)
    const found = await ask('POST', '/v1/packs/search', { filter: {} })
    expect(found.body.items).toEqual([])
  })
})
