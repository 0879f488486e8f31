import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { environmentWith, freshSettings, readFirstStart, startUp, type Up } from '../support/start-up'

const exec = promisify(execFile)
// A build may be in it.
const SLOW_MS = 300_000
const SECOND_START_MS = 20_000

let dataDir: string
let settings: Awaited<ReturnType<typeof freshSettings>>
let up: Up
/** As the first start told it. */
let told: ReturnType<typeof readFirstStart>

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'packyard-up-'))
  settings = await freshSettings(dataDir)
  up = startUp(settings)
  await up.says('Until the first sign-in')
  told = first()
}, SLOW_MS)

afterAll(async () => {
  await up.stop()
  rmSync(dataDir, { recursive: true, force: true })
}, SLOW_MS)

const kept = (name: string) => readFileSync(path.join(dataDir, name), 'utf8')
const first = () => readFirstStart(kept('first-start.txt'))
const running = (): { pid: number; parts: { name: string; pid: number }[] } =>
  JSON.parse(kept('running.json'))

/** Signs in as the page does. @returns the status of a request that needs the session */
async function signIn(password: string): Promise<{ cookie: string; status: number }> {
  const base = told.url
  const got = await fetch(`${base}/api/auth/csrf`)
  const { csrfToken } = (await got.json()) as { csrfToken: string }
  const cookies = (response: Response) =>
    response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')
  const signed = await fetch(`${base}/api/auth/callback/credentials`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookies(got).join('; ') },
    body: new URLSearchParams({ csrfToken, email: told.email, password, json: 'true' }),
  })
  const cookie = cookies(signed)
    .filter((one) => one.includes('session-token'))
    .join('; ')
  return { cookie, status: await statusOf(cookie) }
}

const statusOf = async (cookie: string) =>
  (await fetch(`${told.url}/v1/registries/pack`, { headers: { cookie } })).status

/** What the bundled registry holds, asked with the printed login. */
async function catalog(): Promise<string[]> {
  const { registry, registryUser, registryPassword } = told
  const answer = await fetch(`http://${registry}/v1/_catalog`, {
    headers: { authorization: `Basic ${btoa(`${registryUser}:${registryPassword}`)}` },
  })
  return ((await answer.json()) as { repositories: string[] }).repositories
}

/** Restarts it with the same data. @returns the milliseconds until everything is up */
async function again(): Promise<number> {
  const start = Date.now()
  up = startUp(settings)
  await up.says(/^Console +up at/m)
  return Date.now() - start
}

test('a first start says each part that is up, and keeps addresses and logins for the owner alone', async () => {
  for (const part of ['Secrets', 'Database', 'First admin', 'Registry', 'Sample packs', 'Worker', 'Console'])
    expect(up.printed()).toMatch(new RegExp(`^${part} +\\S`, 'm'))
  const { url, email, password, registry, registryPassword } = told
  expect(url).toBe(`http://127.0.0.1:${settings.PORT}`)
  expect(registry).toBe(`127.0.0.1:${settings.PACKYARD_REGISTRY_PORT}`)
  for (const part of [url, email, password, registryPassword, 'pack push', 'registry login'])
    expect(up.printed()).toContain(part)
  for (const file of [
    ...['first-start.txt', 'secrets.json', 'secret-keys', 'launcher.json', 'database-logins.json'],
  ])
    expect(statSync(path.join(dataDir, file)).mode & 0o777, file).toBe(0o600)
  expect(await catalog()).toContain('kubernetes')
})

test('pages carry a policy with a new nonce each time, and headers that keep them to themselves', async () => {
  const answers = await Promise.all([1, 2].map(() => fetch(`${told.url}/login`)))
  const policies = answers.map((answer) => answer.headers.get('content-security-policy') ?? '')
  expect(new Set(policies).size).toBe(2)
  for (const policy of policies) {
    expect(policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]{24}' 'strict-dynamic'(?:;|$)/)
    expect(policy).toContain("frame-ancestors 'none'")
  }
  const [answer] = answers
  expect(answer?.headers.get('x-frame-options')).toBe('DENY')
  expect(answer?.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer?.headers.has('x-powered-by')).toBe(false)
  // By http it would lock people out.
  expect(answer?.headers.has('strict-transport-security')).toBe(false)
})

test('an address that cannot be decoded is answered in our own words, not by the server below', async () => {
  for (const wrong of ['%', '%zz', '%ff%fe', '%ed%a0%80']) {
    const answer = await fetch(`${told.url}/v1/registries/pack/${wrong}`)
    expect([answer.status, ((await answer.json()) as { code: string }).code], wrong).toEqual([
      401,
      'Unauthenticated',
    ])
    expect((await fetch(`${told.url}/packs/${wrong}`, { redirect: 'manual' })).status, wrong).toBeLessThan(
      500,
    )
  }
})

test('the API says what it is, and there are no metrics unless the operator gave them a token', async () => {
  const document = await fetch(`${told.url}/v1/openapi.json`)
  expect(((await document.json()) as { openapi: string }).openapi).toBe('3.1.0')
  expect((await fetch(`${told.url}/metrics`)).status).toBe(404)
})

test('the sample packs are in the console without anybody adding them', async () => {
  const { cookie } = await signIn(told.password)
  const state = async () => {
    const answer = await fetch(`${told.url}/v1/registries/pack`, { headers: { cookie } })
    const { items } = (await answer.json()) as {
      items: { metadata: { name: string }; status: { packSyncStatus: { status: string } } }[]
    }
    return items.map(({ metadata, status }) => [metadata.name, status.packSyncStatus.status])
  }
  await expect.poll(state, { timeout: 60_000, interval: 500 }).toEqual([['Sample packs', 'Completed']])
}, 90_000)

test('the two printed commands push a first pack', async () => {
  const commands = up.printed().match(/(?<=^ +)npm run -s packyard -- .+$/gm) ?? []
  expect(commands).toHaveLength(2)
  const env = environmentWith({ PACKYARD_HOME: path.join(dataDir, 'home') })
  for (const command of commands) await exec('sh', ['-c', command], { env })
  expect(await catalog()).toContain('namespace-defaults')
}, 60_000)

test('a second launcher on the same data says who holds it and changes nothing', async () => {
  const second = startUp({ ...(await freshSettings(dataDir)) })
  expect(await second.ended).toBe(1)
  expect(second.printed()).toContain(`already (process ${running().pid})`)
  expect((await fetch(`${told.url}/livez`)).status).toBe(200)
}, 30_000)

test('a taken port is named with its variable before anything starts', async () => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as net.AddressInfo
  const elsewhere = mkdtempSync(path.join(tmpdir(), 'packyard-up-'))
  try {
    const refused = startUp({ ...(await freshSettings(elsewhere)), PACKYARD_REGISTRY_PORT: String(port) })
    expect(await refused.ended).toBe(1)
    expect(refused.printed()).toContain(
      `Port ${port} is taken by another program. Set PACKYARD_REGISTRY_PORT`,
    )
    expect(existsSync(path.join(elsewhere, 'postgres'))).toBe(false)
  } finally {
    server.close()
    rmSync(elsewhere, { recursive: true, force: true })
  }
}, 30_000)

test('a new password of the admin is printed once, and ends the sessions of the old one', async () => {
  const old = told.password
  const before = await signIn(old)
  expect(before.status).toBe(200)
  const { stdout } = await exec(process.execPath, ['tools/reset-admin.mjs'], {
    env: environmentWith(settings),
  })
  const password = /^Password +(\S+)$/m.exec(stdout)?.[1] ?? ''
  expect(await statusOf(before.cookie)).toBe(401)
  expect((await signIn(old)).status).toBe(401)
  expect((await signIn(password)).status).toBe(200)
}, 60_000)

test('once the admin has signed in, the password is kept no more and said no more', async () => {
  await expect.poll(() => kept('first-start.txt'), { timeout: 15_000 }).toContain('has signed in')
  expect(kept('launcher.json')).not.toContain('adminPassword"')
  expect(first().password).toBe('')
  expect(first().registryPassword).toHaveLength(24)
}, 30_000)

test('SIGTERM ends every process, and the next start finds data and sessions again within seconds', async () => {
  const { stdout } = await exec(process.execPath, ['tools/reset-admin.mjs'], {
    env: environmentWith(settings),
  })
  const { cookie } = await signIn(/^Password +(\S+)$/m.exec(stdout)?.[1] ?? '')
  const pids = running().parts.map((part) => part.pid)
  expect(pids.length).toBeGreaterThanOrEqual(5)
  expect(await up.stop()).toBe(0)
  expect(pids.filter(runs)).toEqual([])
  expect(existsSync(path.join(dataDir, 'running.json'))).toBe(false)

  expect(await again()).toBeLessThan(SECOND_START_MS)
  expect(up.printed()).not.toContain('Password')
  expect(await statusOf(cookie)).toBe(200)
}, 120_000)

test('after kill -9 of the launcher and its supervisor the next start takes over what they left', async () => {
  const { pid, parts } = running()
  const supervisor = parts.find((part) => part.name === 'launcher')?.pid
  if (!supervisor) throw new Error('There is no supervisor')
  process.kill(pid, 'SIGKILL')
  process.kill(supervisor, 'SIGKILL')
  await up.ended
  await again()
  expect((await fetch(`${told.url}/readyz`)).status).toBe(200)
}, 120_000)

test('one Ctrl-C, which comes from the terminal and from npm, ends everything in order', async () => {
  up.process.kill('SIGINT')
  // As close as they come: a quiet machine ends everything within a tenth of a second.
  await sleep(10)
  expect(await up.stop('SIGINT')).toBe(0)
  expect(up.printed()).toMatch(/^Ending\.$/m)
  await again()
}, 120_000)

test('a part that dies takes everything down with its last lines and its log named', async () => {
  const registry = running().parts.find((part) => part.name === 'registry')?.pid
  if (!registry) throw new Error('There is no registry')
  process.kill(registry, 'SIGKILL')
  expect(await up.ended).toBe(1)
  expect(up.printed()).toMatch(/The registry has ended \(SIGKILL\)/)
  expect(up.printed()).toContain(path.join(dataDir, 'logs/registry.log'))
}, 60_000)

/** Whether a process still works: one that has ended may keep its number for a moment. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
