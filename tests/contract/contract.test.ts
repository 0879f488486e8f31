import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Operation } from '@/lib/api/operation'
import { type OperationId, ROUTES } from '@/lib/api/routes'
import { TABLE } from '@/lib/api/table'
import { type Answer, call, type Request as In, pathOf } from '@/lib/client/call'
import { closeDatabase } from '@/lib/db/in-tenant'
import { SIGNATURE_HEADER, sign } from '@/lib/pack-format/notification'
import { adapterOf } from '@/lib/registries/adapter'
import { runSync } from '@/lib/sync/run'
import { newUid } from '@/lib/uid'
import { packChart, startChartRepository } from '../support/chart-repository'
import { newConsole, ORIGIN, PASSWORD, send, signIn } from '../support/console'
import { deletePack, PNG, pushPack } from '../support/packs'
import { startTestRegistry, type TestRegistry } from '../support/registry'
import { answersOf, isOwn, missingOf, ORIGINAL_IDS, problemsOf, reduceShapes, type Shapes } from './shapes'

// A real console, database and pack registry; every answer, errors too, is held against the original's shapes.

const shapes: Shapes = JSON.parse(readFileSync(new URL('palette-shapes.json', import.meta.url), 'utf8'))
const WHOLE_API = process.env.PALETTE_API_FILE ?? '../shared/wire/palette-api.json'

const under = (prefix: string, names: readonly string[]) => names.map((name) => `${prefix}${name}`)
const META = ['metadata.name', 'metadata.uid', 'metadata.creationTimestamp', 'metadata.lastModifiedTimestamp']
const SYNC = ['status', 'message', 'lastRunTime', 'lastSyncedTime', 'isSyncSupported']
const EXTRAS = [
  ...[
    'state',
    'packs',
    'versions',
    'failing',
    'held',
    'syncEveryMinutes',
    'nextSyncTime',
    'settingsRevision',
  ],
  ...under('conditions[].', ['type', 'status', 'reason', 'message', 'sinceTime', 'observedRevision']),
]
const TAGS = ['tag', 'version', 'packUid', 'parentTags', 'group']
const VALUES = ['packUid', 'values', 'readme', 'annotations', 'presets', 'schema', 'packyard']
const each = (names: readonly string[]) => under('items[].', names)
const LIST = under('listmeta.', ['continue', 'count', 'limit', 'offset'])

const API_KEY = [
  ...META,
  ...[
    'spec.expiry',
    'spec.key',
    'spec.user.uid',
    'spec.user.firstName',
    'status.isActive',
    'status.packyard',
  ],
]
const REGISTRY = [
  ...META,
  ...['kind', 'spec.auth.type', 'spec.auth.username', 'spec.auth.password', 'spec.auth.tls', 'spec.endpoint'],
  ...['spec.name', 'spec.private', 'spec.scope', 'spec.registryUid', 'spec.packyard.syncEveryMinutes'],
  ...under('status.packSyncStatus.', SYNC),
  ...under('status.packyard.', EXTRAS),
]
const HELM_REGISTRY = [
  ...[...META, 'kind', 'spec.auth.type', 'spec.auth.tls', 'spec.endpoint', 'spec.name', 'spec.isPrivate'],
  ...['spec.scope', 'spec.registryUid', 'spec.packyard.syncEveryMinutes'],
  ...under('status.', [...under('helmSyncStatus.', SYNC), ...under('packyard.', EXTRAS)]),
]
const OCI_SPEC = under('spec.', [
  ...['auth.type', 'auth.tls', 'endpoint', 'providerType', 'baseContentPath', 'isSyncSupported', 'scope'],
  ...['containsSpectroManifest', 'registryUid', 'packyard.repositories', 'packyard.tokenServer'],
])
const OCI_REGISTRY = [
  ...[...META, 'kind', ...OCI_SPEC],
  ...under('status.', [...under('syncStatus.', SYNC), ...under('packyard.', EXTRAS)]),
]
const ANY_REGISTRY = [
  ...[...META, 'kind', 'spec.auth.type', 'spec.endpoint', 'spec.syncEveryMinutes', 'spec.paused'],
  ...under('status.', [...under('sync.', SYNC), ...under('packyard.', EXTRAS)]),
]
const PACK = [
  ...['name', 'displayName', 'layer', 'registryUid', 'logoUrl', 'addonType', 'cloudTypes'],
  ...under('tags[].', TAGS),
  ...under('packValues[].', VALUES),
]
const SIDE = ['packUid', 'name', 'version', 'registryUid', 'registryName', 'digest', 'state', 'addedTime']
const LAYER = [
  ...['name', 'layer', 'packUid', 'tag', 'version', 'type', 'registryUid', 'digest', 'logo', 'values'],
  ...['annotations', 'manifests', 'presets', 'schema', 'isInvalid'],
]
const SUMMARY_LAYER = ['name', 'displayName', 'layer', 'type', 'tag', 'version', 'packUid', 'logoUrl']

/** What has to be in each answer and not null: what clients of the original read, and what our pages show. */
const MUST: Record<OperationId, readonly string[]> = {
  authenticate: ['Authorization', 'isMfa'],
  refreshToken: ['Authorization', 'isMfa'],
  whoAmI: ['orgName', 'tenantUid', 'userUid'],
  listApiKeys: each(API_KEY),
  createApiKey: ['apiKey', 'uid'],
  readApiKey: API_KEY,
  updateApiKey: [],
  activateApiKey: [],
  setApiKeyState: [],
  deleteApiKey: [],
  listChanges: each([
    ...[
      'uid',
      'kind',
      'time',
      'registry.uid',
      'registry.name',
      'name',
      'version',
      'packUid',
      'versions',
      'packs',
    ],
  ]),
  readLifeCycle: ['state', 'eol', 'leftOutBy'],
  listAgingPacks: ['items'],
  readAtomFeed: [],
  readJsonFeed: [],
  listFeedTokens: each(['uid', 'name', 'createdTime']),
  createFeedToken: ['uid', 'token'],
  deleteFeedToken: [],
  listWebhooks: each([
    'uid',
    'name',
    'url',
    'kinds',
    'registries',
    'packs',
    'paused',
    'failures',
    'createdTime',
  ]),
  createWebhook: ['uid', 'secret'],
  readWebhook: ['uid', 'name', 'url', 'kinds', 'registries', 'packs', 'paused', 'failures', 'createdTime'],
  updateWebhook: [],
  deleteWebhook: [],
  pauseWebhook: [],
  renewWebhookSecret: ['secret'],
  testWebhook: ['reason'],
  listWebhookDeliveries: each(['uid', 'event', 'state', 'changes', 'attempts', 'reason', 'createdTime']),
  listProjectNames: each(['metadata.name', 'metadata.uid']),
  listRegistryNames: each(['uid', 'name', 'kind', 'scope', 'isDefault', 'isPrivate']),
  listPackRegistries: [...each(REGISTRY), ...LIST],
  createPackRegistry: ['uid'],
  summarizePackRegistries: [
    ...each([...META, 'spec.endpoint', 'spec.private', 'spec.scope', ...under('status.sync.', SYNC)]),
    ...each(under('status.packyard.', EXTRAS)),
    ...LIST,
  ],
  validatePackRegistry: [],
  readPackRegistry: REGISTRY,
  updatePackRegistry: [],
  deletePackRegistry: [],
  syncPackRegistry: [],
  readPackRegistrySync: SYNC,
  listHelmRegistries: [...each(HELM_REGISTRY), ...LIST],
  createHelmRegistry: ['uid'],
  summarizeHelmRegistries: [
    ...each([...META, 'spec.endpoint', 'spec.isPrivate', 'spec.scope', ...under('status.sync.', SYNC)]),
    ...LIST,
  ],
  validateHelmRegistry: [],
  readHelmRegistry: HELM_REGISTRY,
  updateHelmRegistry: [],
  deleteHelmRegistry: [],
  syncHelmRegistry: [],
  readHelmRegistrySync: SYNC,
  summarizeOciRegistries: each([
    ...[...META, 'spec.endpoint', 'spec.providerType', 'spec.registryType', 'spec.isPrivate', 'spec.scope'],
    ...under('status.', [...under('sync.', SYNC), ...under('packyard.', EXTRAS)]),
  ]),
  readOciRegistrySummary: ['auth.type', 'endpoint', 'providerType', 'scope', 'type'],
  createOciRegistry: ['uid'],
  validateOciRegistry: [],
  readOciRegistry: OCI_REGISTRY,
  updateOciRegistry: [],
  deleteOciRegistry: [],
  syncOciRegistry: [],
  readOciRegistrySync: SYNC,
  deleteRegistry: [],
  listRegistries: [...each(ANY_REGISTRY), ...LIST],
  readRegistry: ANY_REGISTRY,
  syncRegistry: [],
  previewFilter: [
    ...['total', 'packs', 'taken', 'takenPacks', 'unread', 'goes'],
    ...under('items[].', ['name', 'version', 'leftOutBy', 'isRead']),
  ],
  checkRegistry: ['passed', 'endpoint', ...under('steps[].', ['step', 'status', 'ms', 'seen'])],
  listSyncRuns: each(['uid', 'trigger', 'outcome', 'startedTime', 'listed', 'added', 'failed', 'requests']),
  readSyncRun: ['uid', 'actor', 'outcome', 'items', ...under('more.', ['added', 'failed'])],
  listRunningSyncs: each(['registryUid']),
  listSyncFailures: each(['name', 'version', 'reason', 'firstFailedTime', 'lastFailedTime']),
  explainVersion: ['state', 'isHere', 'message', 'sinceTime'],
  explainPack: ['isHere', ...under('registries[].', ['uid', 'name', 'kind', 'state', 'message']), 'isMore'],
  cancelRegistrySync: [],
  retryRegistry: [],
  readHeldRemovals: ['held.count', 'held.proposal', 'held.of', 'held.items', 'kept.count', 'kept.proposal'],
  applyHeldRemovals: [],
  discardHeldRemovals: [],
  pauseRegistry: [],
  readHook: ['url', 'on'],
  makeHook: ['url', 'secret'],
  endHook: [],
  receiveHook: [],
  listRegistryProfiles: each(['uid', 'name', 'version']),
  searchPacks: [
    ...each(['metadata.name', 'metadata.uid']),
    ...each(under('spec.', ['name', 'displayName', 'layer', 'type', 'addonType', 'cloudTypes', 'packyard'])),
    ...each(
      under('spec.registries[].', ['uid', 'name', 'scope', 'logoUrl', 'latestPackUid', 'latestVersion']),
    ),
    ...LIST,
  ],
  listPackVersions: [
    ...each(['metadata.name', 'metadata.uid']),
    ...each(under('spec.', ['name', 'displayName', 'version', 'layer', 'type', 'registryUid', 'digest'])),
    ...each(under('spec.', ['logoUrl', 'cloudTypes', 'annotations', 'values', 'presets', 'schema'])),
    ...LIST,
  ],
  readPackInRegistry: PACK,
  readPack: PACK,
  readPackReadme: ['readme'],
  readPackLogo: [],
  listPackFiles: ['packUid', ...each(['path', 'size', 'digest', 'kind']), 'more', 'notes', 'readTime'],
  readPackFile: ['path', 'size', 'digest', 'kind', 'text'],
  listPackImages: ['packUid', 'items', 'notes'],
  readLogo: [],
  readPackPicture: [],
  readPackChangelog: ['packUid', 'from', 'text', 'isCut'],
  readPackByName: [
    ...['name', 'displayName', 'layer', 'addonType', 'cloudTypes', 'description', 'tracks', 'labels'],
    ...under('sources[].', [
      'registryUid',
      'registryName',
      'kind',
      'versions',
      'packUid',
      'version',
      'digest',
    ]),
  ],
  listVersionsOfPack: [
    ...each(['packUid', 'version', 'registryUid', 'registryName', 'digest', 'repushes', 'tags', 'state']),
    ...each(['eol', 'addedTime']),
    ...LIST,
  ],
  readPackVersion: [
    ...[
      'packUid',
      'name',
      'displayName',
      'layer',
      'version',
      'registryUid',
      'registryName',
      'digest',
      'logoUrl',
    ],
    ...['cloudTypes', 'state', 'eol', 'addedTime', 'annotations', 'tags', 'readme', 'readmeBytes', 'values'],
    ...['presets', 'schema'],
  ],
  readPackConstraints: [
    'packUid',
    ...under('requirements[].', ['packName', 'layer', 'type', 'minVersion', 'isThere', 'count', 'versions']),
    'resources',
  ],
  listPackDependents: [
    ...each(['packName', 'packUid', 'version', 'registryUid', 'type', 'minVersion', 'isInRange']),
    'continue',
  ],
  listPackProfiles: ['items', 'continue'],
  countPackFacets: [
    'total',
    ...under('registry[].', ['value', 'label', 'count']),
    'layer[].count',
    'addonType',
  ],
  exportPacks: [],
  comparePacks: [
    ...under('left.', SIDE),
    ...under('right.', SIDE),
    ...[
      'summary',
      'values.added',
      'values.changed',
      'values.removed',
      'constraints',
      'images.changed',
      'metadata.added',
    ],
    ...under('values.changes[].', ['kind', 'path', 'from', 'to']),
    ...under('files[].', ['path', 'change']),
  ],
  comparePackFile: ['path', 'left', 'right', 'edits', 'reason'],
  listProfiles: [
    ...each([...META, 'metadata.annotations.scope', 'specSummary.version', 'specSummary.versions[].uid']),
    ...each(under('specSummary.published.', ['type', 'cloudType', ...under('packs[].', SUMMARY_LAYER)])),
    ...each(['status.isPublished', 'status.inUseClusters', 'status.pack.deprecated', 'status.pack.deleted']),
    ...LIST,
  ],
  createProfile: ['uid'],
  readProfile: [
    ...[...META, 'kind', 'metadata.annotations.scope', 'metadata.annotations.description', 'metadata.labels'],
    ...['spec.version', 'spec.versions[].uid', 'spec.versions[].version', 'spec.packyard.revision'],
    ...under('spec.published.', ['uid', 'name', 'type', 'cloudType', 'profileVersion']),
    ...under('spec.published.packs[].', LAYER),
    ...['status.isPublished', 'status.hasUserMacros', 'status.inUseClusters'],
  ],
  updateProfile: [],
  updateProfileMetadata: [],
  deleteProfile: [],
  publishProfile: [],
  readProfileVariables: under('variables[].', [
    ...['name', 'displayName', 'format', 'inputType', 'defaultValue', 'required', 'hidden', 'immutable'],
    'isSensitive',
  ]),
  putProfileVariables: [],
  patchProfileVariables: [],
  deleteProfileVariables: [],
  listProfileMacros: under('macros[].', ['name', 'value']),
  listLayerManifests: each(['metadata.name', 'metadata.uid', 'spec.published.content']),
  validateNewProfile: [
    ...under('packs.results[].', ['name', 'displayName', 'errors[].code', 'errors[].message']),
    ...under('packyard.findings[].', ['level', 'pack', 'code', 'message']),
  ],
  validateProfile: ['packs.results', 'packyard.findings'],
}

const table: Record<OperationId, Operation> = TABLE
const IDS = Object.keys(ROUTES) as OperationId[]
const covered = new Set<OperationId>()

let server: TestRegistry
let world: Awaited<ReturnType<typeof newConsole>>
let admin: { authorization: string }
let viewer: { authorization: string }
const auth = { type: 'basic' as const, username: 'admin', password: 'right' }

/** What is wrong with an answer of an operation; nothing, if all is well. */
function problemsOfAnswer(id: OperationId, response: Response, text: string): string[] {
  const { status, response: own, raw } = table[id]
  const problems = response.status === status ? [] : [`status ${response.status}: ${text}`]
  const original = isOwn(id) ? undefined : answersOf(shapes, id)[response.status]
  if (!isOwn(id) && !original) return [...problems, `the original does not answer ${response.status}`]
  for (const name of status === 204 ? [] : Object.keys(original?.headers ?? {}))
    if (!response.headers.get(name)) problems.push(`the header ${name} is missing`)
  if (raw) return problems
  if (!own) return text === '' ? problems : [...problems, 'there is a body']
  const body = JSON.parse(text)
  if (original && !original.schema) problems.push('the original has no body')
  if (original?.schema) problems.push(...problemsOf(shapes, original.schema, body))
  const parsed = own.safeParse(body)
  if (!parsed.success) problems.push(parsed.error.message)
  return [...problems, ...missingOf(MUST[id], body).map((path) => `${path} is missing`)]
}

function problemsOfError(text: string, status: number, wanted: number): string[] {
  if (status !== wanted) return [`${status} and not ${wanted}: ${text}`]
  const { code, message, details, ref, ...rest } = JSON.parse(text)
  const texts = [code, message, ref].every((one) => typeof one === 'string' && one !== '')
  const isDetails = typeof details === 'object' && details !== null && !Array.isArray(details)
  return texts && isDetails && Object.keys(rest).length === 0 ? [] : [`not the shape of an error: ${text}`]
}

/** Calls an operation with our own client and holds the answer against the contract. */
async function ask<K extends OperationId>(id: K, request: In<K>, headers: Record<string, string> = admin) {
  let problems: string[] = ['there was no answer']
  const here: typeof fetch = async (url, init) => {
    const response = await send(init?.method ?? 'GET', String(url), {
      headers: init?.headers as Record<string, string>,
      body: init?.body ?? undefined,
    })
    problems = problemsOfAnswer(id, response, await response.clone().text())
    return response
  }
  const answer = await call(id, request, { transport: { headers, fetch: here } }).catch((error) => error)
  expect(problems, id).toEqual([])
  covered.add(id)
  return answer as Answer<K>
}

beforeAll(async () => {
  server = await startTestRegistry({ users: { admin: 'right' } })
  const target = { url: server.url, user: 'admin', password: 'right' }
  const rest = {
    addonType: 'monitoring',
    cloudTypes: ['all'],
    annotations: { description: 'Shows things' },
    constraints: {
      dependencies: [{ packName: 'kubernetes', layer: 'k8s', minVersion: '1.30', type: 'required' }],
    },
  }
  await pushPack(target, { name: 'dash', version: '1.0.0', rest })
  await pushPack(target, { name: 'dash', version: '1.1.0', logo: PNG, rest })
  await pushPack(target, { name: 'kubernetes', version: '1.29.0', layer: 'k8s' })
  world = await newConsole()
  admin = await signIn(world.admin)
  viewer = await signIn(world.viewer)
})
afterAll(async () => {
  await server.close()
  await closeDatabase()
})

test.runIf(existsSync(WHOLE_API))('the shapes are those of the published API', () => {
  const { paths, definitions } = reduceShapes(JSON.parse(readFileSync(WHOLE_API, 'utf8')))
  expect({ paths: shapes.paths, definitions: shapes.definitions }).toEqual({ paths, definitions })
})

test('signing in, and who one is', async () => {
  const body = { emailId: world.admin.email, org: '', password: PASSWORD }
  const { Authorization } = await ask('authenticate', { body })
  await ask('refreshToken', { params: { token: Authorization } })
  expect((await ask('whoAmI', {})).userUid).toBe(world.admin.id)
  expect((await ask('listProjectNames', {})).items).toEqual([
    { metadata: { name: 'Default', uid: world.projectId } },
  ])
})

test('API keys', async () => {
  const body = { metadata: { name: 'ci' }, spec: { expiry: '2099-01-01T00:00:00Z' } }
  const { uid, apiKey } = await ask('createApiKey', { body })
  await ask('whoAmI', {}, { ApiKey: apiKey })
  const params = { uid }
  expect(JSON.stringify([await ask('listApiKeys', {}), await ask('readApiKey', { params })])).not.toContain(
    apiKey,
  )
  await ask('updateApiKey', { params, body: { metadata: { name: 'ci-2' } } })
  await ask('setApiKeyState', { params, body: { isActive: false } })
  await ask('activateApiKey', { params, body: { isActive: true } })
  expect((await ask('readApiKey', { params })).status.isActive).toBe(true)
  await ask('deleteApiKey', { params })
})

describe('with a registry', () => {
  let uid: string
  const sync = () => runSync(world.tenantId, uid, adapterOf, new AbortController().signal)
  const body = () => ({ metadata: { name: 'ours' }, spec: { endpoint: server.url, auth, private: true } })

  test('it is checked, added, synced and read', async () => {
    await ask('validatePackRegistry', { body: body().spec })
    expect((await ask('checkRegistry', { body: { spec: body().spec } })).passed).toBe(true)
    await ask('previewFilter', { body: { spec: body().spec, filter: { exclude: ['*'] } } })
    ;({ uid } = await ask('createPackRegistry', { body: body() }))
    const params = { uid }
    expect((await ask('readPackRegistrySync', { params })).status).toBe('Pending')
    await sync()
    expect((await ask('readPackRegistrySync', { params })).status).toBe('Completed')
    await ask('syncPackRegistry', { params })
    expect((await ask('readPackRegistrySync', { params })).status).toBe('Pending')
    await sync()
    expect((await ask('readPackRegistry', { params })).status.packyard).toMatchObject({
      packs: 2,
      versions: 3,
    })
    await ask('listPackRegistries', { query: { scope: 'tenant' } })
    await ask('summarizePackRegistries', {})
    await ask('listRegistryNames', { query: { scope: '' } })
    await ask('updatePackRegistry', { params, body: body() })
    await ask('pauseRegistry', { params, body: { paused: true } })
    await ask('pauseRegistry', { params, body: { paused: false } })
    const [run, ...others] = (await ask('listSyncRuns', { params })).items
    expect(others).toHaveLength(1)
    const first = { uid, runUid: others[0]?.uid ?? '' }
    expect((await ask('readSyncRun', { params: first })).items).toHaveLength(3)
    expect(run).toMatchObject({ trigger: 'manual', actor: 'tenant-admin' })
    const waits = { items: [{ registryUid: uid, progress: null }] }
    expect(await ask('listRunningSyncs', { query: { registryUid: uid } })).toEqual(waits)
    expect(await ask('listRunningSyncs', {})).toEqual(waits)
  })

  test('what could not be read of it is listed', async () => {
    const target = { url: server.url, user: 'admin', password: 'right' }
    await pushPack(target, { name: 'huge', version: '1.0.0', readme: 'x'.repeat(6 * 1024 * 1024) })
    await ask('syncPackRegistry', { params: { uid } })
    await sync()
    expect((await ask('listSyncFailures', { params: { uid } })).items[0]?.name).toBe('huge')
    const why = (name: string, version: string) =>
      ask('explainVersion', { params: { uid }, query: { name, version } })
    expect(await why('huge', '1.0.0')).toMatchObject({ state: 'failing', isHere: false })
    expect(await ask('explainPack', { query: { name: 'huge' } })).toMatchObject({
      isHere: false,
      registries: [{ uid, state: 'failing' }],
    })
    const unnamed = await send('GET', pathOf('explainPack'), { headers: admin })
    expect(problemsOfError(await unnamed.text(), unnamed.status, 400)).toEqual([])
    expect(await why('dash', '1.0.0')).toMatchObject({ state: 'here', isHere: true, message: 'It is here.' })
    const half = await send('GET', `${pathOf('explainVersion', { uid })}?name=dash`, { headers: admin })
    expect(problemsOfError(await half.text(), half.status, 400)).toEqual([])
    expect((await why('dash', '9.0.0')).message).toContain('Of this pack it lists 1.1.0, 1.0.0.')
    await ask('retryRegistry', { params: { uid } })
    await sync()
    expect((await ask('listSyncRuns', { params: { uid } })).items[0]).toMatchObject({
      ...{ trigger: 'retry', outcome: 'completed', failed: 1 },
    })
  })

  test('it notifies the console, signed over the bytes as they come', async () => {
    const params = { uid }
    expect(await ask('readHook', { params }, viewer)).toMatchObject({ on: false, madeTime: null })
    const { url, secret } = await ask('makeHook', { params })
    expect(url).toBe(`${ORIGIN}${pathOf('receiveHook', params)}`)
    const at = new Date().toISOString()
    const body = `{ "id":"1", "event":"changed", "at":"${at}", "revision":"r", "packs":[], "more":false }`
    const notify = async (by: string, text = body) => {
      const headers = { [SIGNATURE_HEADER]: sign(by, Buffer.from(body), new Date()) }
      const response = await send('POST', pathOf('receiveHook', params), { headers, body: text })
      return { response, text: await response.text() }
    }
    const { response, text } = await notify(secret)
    expect(problemsOfAnswer('receiveHook', response, text)).toEqual([])
    covered.add('receiveHook')
    for (const one of [await notify('another'), await notify(secret, JSON.stringify(JSON.parse(body)))])
      expect(problemsOfError(one.text, one.response.status, 401)).toEqual([])
    const large = await notify(secret, ' '.repeat(65 * 1024))
    expect(problemsOfError(large.text, large.response.status, 413)).toEqual([])
    await sync()
    expect((await ask('listSyncRuns', { params })).items[0]).toMatchObject({ trigger: 'webhook', actor: '' })
    expect(await ask('readHook', { params })).toMatchObject({ on: true, heardTime: expect.any(String) })
    await ask('endHook', { params })
    expect((await notify(secret)).response.status).toBe(401)
  })

  test('a sync that runs is cancelled', async () => {
    const params = { uid }
    await ask('syncPackRegistry', { params, query: { forceSync: 'true' } })
    const never = new Promise<void>(() => {})
    const stuck: typeof adapterOf = async (...args) => ({
      ...(await adapterOf(...args)),
      list: (_, signal) =>
        Promise.race([never, new Promise((_, end) => signal.addEventListener('abort', end))]) as never,
    })
    const running = runSync(world.tenantId, uid, stuck, new AbortController().signal)
    while ((await ask('readPackRegistrySync', { params })).status !== 'InProgress');
    await ask('cancelRegistrySync', { params })
    await running
    expect((await ask('listSyncRuns', { params })).items[0]?.outcome).toBe('cancelled')
  })

  test('removals that are held are read, discarded and applied', async () => {
    const own = await startTestRegistry({ users: { admin: 'right' } })
    const target = { url: own.url, user: 'admin', password: 'right' }
    try {
      const digest = await pushPack(target, { name: 'last', version: '1.0.0' })
      const spec = { endpoint: own.url, auth }
      const { uid: other } = await ask('createPackRegistry', { body: { metadata: { name: 'one' }, spec } })
      const params = { uid: other }
      const go = () => runSync(world.tenantId, other, adapterOf, new AbortController().signal)
      await go()
      await deletePack(target, 'last', digest)
      await ask('syncPackRegistry', { params })
      await go()
      expect((await ask('readPackRegistry', { params })).status).toMatchObject({
        packSyncStatus: { status: 'Completed', message: expect.stringContaining('until a person decides') },
        packyard: { state: 'held', held: 1, versions: 1 },
      })
      const { held } = await ask('readHeldRemovals', { params })
      expect(held).toMatchObject({ count: 1, of: 1, items: [{ name: 'last', version: '1.0.0' }] })
      await ask('discardHeldRemovals', { params, body: { proposal: held.proposal } })
      expect((await ask('readHeldRemovals', { params }, viewer)).kept.count).toBe(1)
      await ask('applyHeldRemovals', { params, body: { list: 'kept' } })
      expect((await ask('readPackRegistry', { params })).status.packyard).toMatchObject({ versions: 0 })
      await ask('deletePackRegistry', { params })
    } finally {
      await own.close()
    }
  })

  test('a webhook is added, tested, changed, paused and deleted', async () => {
    const body = { name: 'chat', url: `${server.url}/nobody`, kinds: ['added' as const], packs: ['d*'] }
    const { uid: hookUid, secret } = await ask('createWebhook', { body })
    const params = { uid: hookUid }
    expect((await ask('listWebhooks', {})).items).toMatchObject([{ ...body, registries: [], paused: false }])
    expect((await ask('testWebhook', { params })).reason).toMatch(/^The receiver answered 4/)
    expect((await ask('listWebhookDeliveries', { params })).items).toMatchObject([
      { event: 'test', state: 'failed', attempts: 1, nextTime: null },
    ])
    expect((await ask('renewWebhookSecret', { params })).secret).not.toBe(secret)
    await ask('updateWebhook', { params, body: { ...body, packs: [] } })
    await ask('pauseWebhook', { params, body: { paused: true } })
    expect(await ask('readWebhook', { params })).toMatchObject({ packs: [], paused: true, pausedReason: '' })
    expect((await send('GET', pathOf('listWebhooks'), { headers: viewer })).status).toBe(403)
    await ask('deleteWebhook', { params })
  })

  test('feeds are read with a token of their own, which opens nothing else', async () => {
    const { uid: tokenUid, token } = await ask('createFeedToken', { body: { name: 'reader' } }, viewer)
    expect((await ask('listFeedTokens', {}, viewer)).items.map((one) => one.name)).toEqual(['reader'])
    for (const [id, type] of [
      ['readAtomFeed', 'application/atom+xml'],
      ['readJsonFeed', 'application/feed+json'],
    ] as const) {
      const path = `${pathOf(id)}?token=${token}&registryUid=${uid}&kind=all`
      const feed = await send('GET', path)
      expect([feed.status, feed.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`])
      expect(feed.headers.get('last-modified')).toMatch(/ GMT$/)
      const text = await feed.text()
      expect(text).toContain('New registry: ')
      expect(text).not.toContain(token)
      const again = await send('GET', path, { headers: { 'if-none-match': feed.headers.get('etag') ?? '' } })
      expect([again.status, await again.text()]).toEqual([304, ''])
      expect((await send('GET', pathOf(id), { headers: viewer })).status).toBe(200)
      const none = await send('GET', pathOf(id))
      expect(problemsOfError(await none.text(), none.status, 401)).toEqual([])
      covered.add(id)
    }
    for (const headers of [{ apikey: token }, { authorization: `Bearer ${token}` }] as Record<
      string,
      string
    >[])
      expect((await send('GET', pathOf('listApiKeys'), { headers })).status).toBe(401)
    expect((await send('GET', `${pathOf('listChanges')}?token=${token}`)).status).toBe(401)
    await ask('deleteFeedToken', { params: { uid: tokenUid } }, viewer)
    expect((await send('GET', `${pathOf('readAtomFeed')}?token=${token}`)).status).toBe(401)
  })

  test('its packs are searched, listed and read', async () => {
    const { items } = await ask('searchPacks', { body: { filter: { addOnType: ['monitoring'] } } })
    expect(items[0]?.spec.registries).toMatchObject([{ uid, latestVersion: '1.1.0' }])
    expect((await ask('countPackFacets', { body: {} })).total).toBe(2)
    expect((await ask('listChanges', {})).items.map((one) => one.kind)).toContain('arrived')
    expect((await ask('listAgingPacks', {})).items).toEqual([])
    const query = { filters: 'spec.name=dashANDspec.version=1.1.0ANDspec.cloudTypes_in_aws,all' }
    const packUid = (await ask('listPackVersions', { query })).items[0]?.metadata.uid ?? ''
    const inRegistry = await ask('readPackInRegistry', { params: { packName: 'dash', registryUid: uid } })
    expect(inRegistry.tags.find((one) => one.version === '1.1.0')?.packUid).toBe(packUid)
    const life = await ask('readLifeCycle', { params: { uid: packUid } })
    expect(life).toMatchObject({ state: 'active', goneTime: null, rePushed: null })
    expect(inRegistry.packValues.map((one) => one.packUid)).toContain(packUid)
    expect((await ask('readPack', { params: { uid: packUid } })).registryUid).toBe(uid)
    await ask('readPackReadme', { params: { uid: packUid } })
    const logo = await send('GET', pathOf('readPackLogo', { uid: packUid }), { headers: admin })
    expect(problemsOfAnswer('readPackLogo', logo, '')).toEqual([])
    expect(logo.headers.get('content-type')).toBe('image/webp')
    covered.add('readPackLogo')
    const byDigest = await send('GET', items[0]?.spec.registries[0]?.logoUrl ?? '', { headers: admin })
    expect(problemsOfAnswer('readLogo', byDigest, '')).toEqual([])
    expect(Buffer.from(await byDigest.arrayBuffer())).toEqual(Buffer.from(await logo.arrayBuffer()))
    covered.add('readLogo')
    const files = await ask('listPackFiles', { params: { uid: packUid } }, viewer)
    expect(files.items.map((one) => one.path)).toEqual(['README.md', 'logo.png', 'pack.json', 'values.yaml'])
    const file = { params: { uid: packUid }, query: { path: 'README.md' } }
    expect((await ask('readPackFile', file)).text).toBe('# dash\n')
    await ask('listPackImages', { params: { uid: packUid } })
    await ask('readPackChangelog', { params: { uid: packUid } })
    const path = `${pathOf('readPackPicture', { uid: packUid })}?path=logo.png`
    const picture = await send('GET', path, { headers: viewer })
    expect(problemsOfAnswer('readPackPicture', picture, '')).toEqual([])
    expect(picture.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    covered.add('readPackPicture')
  })

  test('one pack is read by its name, with its versions, constraints both ways and the profiles that use it', async () => {
    const dash = { packName: 'dash' }
    const one = await ask('readPackByName', { params: dash }, viewer)
    expect(one.sources).toMatchObject([{ registryUid: uid, version: '1.1.0', versions: 2 }])
    const packUid = one.sources[0]?.packUid ?? ''
    const versions = await ask('listVersionsOfPack', { params: dash, query: { limit: 1 } })
    expect([versions.listmeta.count, versions.items[0]?.version]).toEqual([2, '1.1.0'])
    const rest = await ask('listVersionsOfPack', {
      params: dash,
      query: { continue: versions.listmeta.continue },
    })
    expect(rest.items.map((item) => item.version)).toEqual(['1.0.0'])
    expect((await ask('readPackVersion', { params: { uid: packUid } })).readme).toBe('# dash\n')
    expect((await ask('readPackConstraints', { params: { uid: packUid } })).requirements).toMatchObject([
      { packName: 'kubernetes', minVersion: '1.30', isThere: true, count: 0 },
    ])
    const params = { packName: 'kubernetes' }
    expect((await ask('listPackDependents', { params, query: { version: '1.29.0' } })).items).toMatchObject([
      { packName: 'dash', version: '1.1.0', type: 'required', isInRange: false },
    ])
    await ask('listPackProfiles', { params: dash }, viewer)
  })

  test('two versions are compared, and a search is given out as a file', async () => {
    const { tags } = await ask('readPackInRegistry', { params: { packName: 'dash', registryUid: uid } })
    const uidOf = (tag: string) => tags.find((one) => one.tag === tag)?.packUid ?? ''
    const query = { left: uidOf('1.0.0'), right: uidOf('1.1.0') }
    const compared = await ask('comparePacks', { query })
    expect([compared.left.version, compared.right.version]).toEqual(['1.0.0', '1.1.0'])
    const file = await ask('comparePackFile', { query: { ...query, path: 'pack.json' } })
    expect(file.edits?.length).toBeGreaterThan(0)
    for (const [id, wanted] of [
      ['comparePacks', { left: query.left, right: '5f'.repeat(12) }],
      ['comparePackFile', { ...query, path: '../pack.json' }],
    ] as const) {
      const lost = await send('GET', `${pathOf(id)}?${new URLSearchParams(wanted)}`, { headers: admin })
      expect(problemsOfError(await lost.text(), lost.status, 404)).toEqual([])
    }
    for (const format of ['csv', 'json', 'xml']) {
      const path = `${pathOf('exportPacks')}?format=${format}`
      const given = await send('POST', path, { headers: viewer, body: { filter: { layer: ['addon'] } } })
      const text = await given.text()
      if (format === 'xml') expect(problemsOfError(text, given.status, 400)).toEqual([])
      else expect(problemsOfAnswer('exportPacks', given, text)).toEqual([])
      if (format === 'csv') expect(text).toMatch(/^name,displayName,.*\r\ndash,/)
      if (format === 'json')
        expect(JSON.parse(text)).toMatchObject({ isCut: false, items: [{ name: 'dash' }] })
    }
    covered.add('exportPacks')
  })

  test('a profile goes the way of a Terraform client: create, publish, read, save the same again', async () => {
    const pack = {
      name: 'dash',
      tag: '1.1.0',
      registryUid: uid,
      type: 'spectro' as const,
      values: 'pack: {}\n',
    }
    const manifests = [{ name: 'ns', content: 'kind: Namespace\n' }]
    const own = {
      ...{ name: 'mine', type: 'manifest' as const, uid: 'spectro-manifest-pack', values: '' },
      manifests,
    }
    const packs = [{ ...pack, manifests: [] }, own]
    const variables = [
      { name: 'size', defaultValue: '3' },
      { name: 'word', isSensitive: true, defaultValue: 'hush-hush' },
    ]
    const made = { type: 'add-on' as const, cloudType: 'all', packs }
    const spec = { version: '1.0.0', template: made, variables }
    const annotations = { description: 'Made by a program' }
    const metadata = { name: 'demo', uid: '', annotations, labels: { owner: 'spectro__tag' } }
    const { uid: profileUid } = await ask('createProfile', { body: { metadata, spec } })
    const params = { uid: profileUid }
    await ask('publishProfile', { params })
    const query = { includePackMeta: 'schema,presets' }
    const read = await ask('readProfile', { params, query })
    expect(read.spec.draft).toBeUndefined()
    expect(read.spec.published?.packs).toMatchObject([
      { name: 'dash', tag: '1.1.0', values: 'pack: {}' },
      { name: 'mine', manifests: [{ name: 'ns' }] },
    ])
    const told = await ask('readProfileVariables', { params })
    expect(told.variables.map((one) => one.defaultValue)).toEqual(['3', '********'])
    await ask('putProfileVariables', { params, body: { variables: told.variables } })
    expect((await ask('listProfileMacros', {})).macros).toContainEqual(
      expect.objectContaining({ name: 'spectro.system.cluster.name' }),
    )
    const texts = await ask('listLayerManifests', { params: { ...params, packName: 'mine' } })
    expect(texts.items[0]?.spec.published?.content).toBe('kind: Namespace')
    const [held] = read.spec.published?.packs ?? []
    const template = { type: 'add-on' as const, packs: [{ ...pack, uid: held?.packUid }, own] }
    await ask('updateProfile', { params, body: { metadata, spec: { version: '1.0.0', template } } })
    await ask('updateProfileMetadata', { params, body: { metadata, spec: { version: '1.0.0' } } })
    await ask('publishProfile', { params })
    expect(await ask('readProfile', { params, query })).toMatchObject({
      spec: { published: read.spec.published },
    })
    expect((await ask('listProfiles', { query: { limit: 25, continue: '' }, body: {} })).listmeta.count).toBe(
      1,
    )
    expect((await ask('listRegistryProfiles', { params: { uid } })).items[0]?.uid).toBe(profileUid)
    expect((await ask('validateProfile', { params, body: template })).packs.results).toEqual([])

    const change = { params, body: { spec: { template: { packs: [{ ...pack, values: 'pack: {a: 1}' }] } } } }
    const refused = await send('PUT', pathOf('updateProfile', params), { headers: admin, body: change.body })
    expect(problemsOfError(await refused.text(), refused.status, 409)).toEqual([])
    const inUse = await send('DELETE', pathOf('deletePackRegistry', { uid }), { headers: admin })
    const why = await inUse.text()
    expect(problemsOfError(why, inUse.status, 409)).toEqual([])
    expect(JSON.parse(why).details.profiles).toEqual([{ uid: profileUid, name: 'demo', version: '1.0.0' }])
    await ask('deleteProfile', { params })
  })

  test('a profile is checked before it is saved, and one with errors is not published', async () => {
    const packs = [{ name: 'dash' }, { name: 'kubernetes' }, { name: 'nowhere' }]
    const { packs: checked } = await ask('validateNewProfile', { body: { packs } })
    expect(checked.results.map((one) => [one.name, ...one.errors.map(({ code }) => code)])).toEqual([
      ['', ...Array(3).fill('CoreLayerMissing')],
      ['dash', 'DependencyVersion'],
      ['nowhere', 'PackMissing'],
    ])
    const body = { metadata: { name: 'draft' }, spec: { template: { packs: packs.slice(0, 2) } } }
    const { uid: draft } = await ask('createProfile', { body })
    const read = await send('GET', pathOf('readProfile', { uid: draft }), { headers: admin })
    const profile = await read.json()
    expect(problemsOf(shapes, { $ref: '#/definitions/v1ClusterProfile' }, profile)).toEqual([])
    expect(missingOf(['spec.draft.packs[].name', 'spec.draft.profileVersion'], profile)).toEqual([])
    expect([profile.spec.published, profile.spec.version]).toEqual([undefined, '1.0.0'])
    await ask('patchProfileVariables', { params: { uid: draft }, body: { variables: [{ name: 'size' }] } })
    await ask('deleteProfileVariables', { params: { uid: draft }, body: { variables: ['size'] } })
    await ask('deleteProfile', { params: { uid: draft } })
    const refused = await send('POST', '/v1/clusterprofiles?publish=true', {
      headers: admin,
      body: { metadata: { name: 'half' }, spec: { template: { packs: packs.slice(0, 2) } } },
    })
    const text = await refused.text()
    expect(problemsOfError(text, refused.status, 400)).toEqual([])
    expect(JSON.parse(text).details.findings).toHaveLength(4)
  })

  test('it goes, with all that was read of it', async () => {
    await ask('deletePackRegistry', { params: { uid } })
    const left = await send('POST', pathOf('searchPacks'), { headers: admin, body: {} })
    expect(await left.json()).toMatchObject({ items: [], listmeta: { count: 0, continue: '' } })
  })
})

describe('with an OCI registry', () => {
  const spec = () => ({
    ...{ endpoint: server.url, auth, providerType: 'pack' as const, baseContentPath: 'team' },
    packyard: { repositories: ['dash'], tokenServer: 'https://auth.example.com' },
  })
  const add = async (name: string) =>
    (await ask('createOciRegistry', { body: { metadata: { name }, spec: spec() } })).uid

  test('it is checked, added, synced, read, changed and deleted', async () => {
    await ask('validateOciRegistry', { body: spec() })
    expect((await ask('checkRegistry', { body: { kind: 'oci', spec: spec() } })).passed).toBe(true)
    const params = { uid: await add('images') }
    expect((await ask('readOciRegistrySync', { params })).status).toBe('Pending')
    await runSync(world.tenantId, params.uid, adapterOf, new AbortController().signal)
    const read = await ask('readOciRegistry', { params })
    expect(read.status).toMatchObject({ syncStatus: { status: 'Completed' }, packyard: { versions: 2 } })
    expect(read.spec).toMatchObject({
      ...{ providerType: 'pack', baseContentPath: 'team', auth: { password: '********' } },
      packyard: spec().packyard,
    })
    await ask('syncOciRegistry', { params })
    await ask('syncRegistry', { params })
    await ask('readOciRegistrySummary', { params })
    expect((await ask('summarizeOciRegistries', {})).items).toHaveLength(1)
    expect((await ask('listRegistries', {})).items.map((one) => one.kind)).toEqual(['oci'])
    expect((await ask('readRegistry', { params })).spec.oci?.repositories).toEqual(['dash'])
    expect((await ask('listRegistryNames', {})).items).toMatchObject([{ name: 'images', kind: 'oci' }])
    const { items } = await ask('searchPacks', { body: {} })
    expect(items.map((one) => [one.spec.name, one.spec.type])).toEqual([['dash', 'oci']])
    // Without the password, and without what the original does not know: both stay.
    const { packyard: _, ...known } = spec()
    const unchanged = { ...known, auth: { ...auth, password: '********' } }
    await ask('updateOciRegistry', { params, body: { metadata: { name: 'images' }, spec: unchanged } })
    expect((await ask('readOciRegistry', { params })).spec).toMatchObject({ packyard: spec().packyard })
    await ask('deleteOciRegistry', { params })
  })

  test('the password goes to no other token server than the one it was entered for', async () => {
    const params = { uid: await add('bound') }
    const elsewhere = { ...spec(), auth: { ...auth, password: '********' } }
    elsewhere.packyard.tokenServer = 'https://evil.example.com'
    const path = pathOf('updateOciRegistry', params)
    const refused = await send('PUT', path, { headers: admin, body: { spec: elsewhere } })
    expect(problemsOfError(await refused.text(), refused.status, 400)).toEqual([])
    await ask('deleteRegistry', { params })
  })

  test('a kind does not answer for another: 404', async () => {
    const params = { uid: await add('mine') }
    for (const id of [
      'readPackRegistry',
      'readPackRegistrySync',
      'deletePackRegistry',
      'syncPackRegistry',
    ] as const) {
      const answer = await send(ROUTES[id][0], pathOf(id, params), { headers: admin })
      expect(problemsOfError(await answer.text(), answer.status, 404), id).toEqual([])
    }
    await ask('deleteRegistry', { params })
  })
})

test('a Helm repository is checked, added, synced, read, changed and deleted', async () => {
  const charts = await startChartRepository([await packChart({ name: 'web', version: '1.0.0' })])
  const spec = { endpoint: charts.url, auth: { type: 'noAuth' as const }, isPrivate: false }
  const body = { metadata: { name: 'charts' }, spec }
  await ask('validateHelmRegistry', { body: spec })
  expect((await ask('checkRegistry', { body: { kind: 'helm', spec } })).passed).toBe(true)
  const params = { uid: (await ask('createHelmRegistry', { body })).uid }
  await runSync(world.tenantId, params.uid, adapterOf, new AbortController().signal)
  expect((await ask('readHelmRegistrySync', { params })).status).toBe('Completed')
  expect(await ask('readHelmRegistry', { params })).toMatchObject({
    ...{ spec: { isPrivate: false }, status: { packyard: { versions: 1 } } },
  })
  await ask('syncHelmRegistry', { params })
  await ask('listHelmRegistries', {})
  await ask('summarizeHelmRegistries', {})
  await ask('updateHelmRegistry', { params, body })
  const { items } = await ask('searchPacks', { body: {} })
  expect(items.map((one) => [one.spec.name, one.spec.type])).toEqual([['web', 'helm']])
  const answer = await send('GET', pathOf('readOciRegistry', params), { headers: admin })
  expect(problemsOfError(await answer.text(), answer.status, 404)).toEqual([])
  await ask('deleteHelmRegistry', { params })
  await charts.close()
})

describe('errors', () => {
  const params = {
    uid: newUid(),
    token: 'no-token',
    packName: 'no-pack',
    registryUid: newUid(),
    digest: `sha256:${'0'.repeat(64)}`,
    runUid: newUid(),
  }
  /** What an operation cannot do without. */
  const queries: Partial<Record<OperationId, string>> = {
    readPackFile: '?path=README.md',
    readPackPicture: '?path=logo.png',
  }
  const statusOf = async (id: OperationId, wanted: number, headers = {}, body?: unknown) => {
    const at = pathOf(id, params) + (queries[id] ?? '')
    const response = await send(ROUTES[id][0], at, { headers, body })
    expect(problemsOfError(await response.text(), response.status, wanted), id).toEqual([])
  }

  test.each(IDS.filter((id) => table[id].permission !== 'public'))('%s without a sign-in: 401', (id) =>
    statusOf(id, 401),
  )

  test.each(
    IDS.filter((id) => /\.(?:create|update|delete|publish)$/.test(table[id].permission)).filter(
      (id) => !/^(?:apiKey|feedToken)\./.test(table[id].permission),
    ),
  )('%s by a viewer: 403', (id) => statusOf(id, 403, viewer))

  test.each(IDS.filter((id) => table[id].body))('%s with a body that is none: 400', (id) =>
    statusOf(id, 400, admin, '"text"'),
  )

  /** A pack that is in no registry may be asked for, and be held, all the same. */
  const ofAnyName: OperationId[] = ['listPackDependents', 'listPackProfiles']
  test.each(
    IDS.filter((id) => table[id].params && !table[id].body && table[id].permission !== 'public').filter(
      (id) => !ofAnyName.includes(id),
    ),
  )('%s of what is not there: 404', (id) => statusOf(id, 404, admin))

  test('a token that is over is not refreshed: 401', () => statusOf('refreshToken', 401))
})

describe('the contract itself', () => {
  test('knows what has to be in every answer with a body, so that {} is none', () => {
    for (const id of IDS) {
      const { response } = table[id]
      expect(MUST[id].length > 0, id).toBe(response !== undefined)
      if (response) expect(missingOf(MUST[id], {}), id).not.toEqual([])
    }
  })

  test('finds a property that the original does not have, one that is missing, and null', () => {
    const find = (value: unknown) => problemsOf(shapes, { $ref: '#/definitions/v1RegistrySyncStatus' }, value)
    expect(find({ isSyncSupported: true, packyard: {} })).toEqual([])
    expect(find({ isSyncSupported: true, secret: 'x' })).toEqual(['$.secret: is unknown'])
    expect(find({ status: null })).toEqual(['$.isSyncSupported: is missing', '$.status: is no string'])
  })

  test('knows the original of every operation outside of /v1/packyard/', () => {
    for (const id of ORIGINAL_IDS) expect(answersOf(shapes, id)[table[id].status], id).toBeDefined()
  })

  test('holds every operation that is served', () => {
    expect(IDS.filter((id) => !covered.has(id))).toEqual([])
  })
})
