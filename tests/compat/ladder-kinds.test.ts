import type { RequestListener } from 'node:http'

import { afterEach, beforeAll, describe, expect, test } from 'vitest'

import { checkConnection } from '@/lib/adapters/check'
import { type CheckStepName, type Connection, RegistryKind } from '@/lib/adapters/schema'
import { CHECK_STEPS } from '@/lib/adapters/words'
import { readEgressPolicy } from '@/lib/outbound/policy'

import { makeCertificate, type TestCertificate } from '../support/certificates'
import { startChartRepository } from '../support/chart-repository'
import { startTestRegistry } from '../support/registry'
import { closedPort, startTcp, startWeb, type TestServer } from '../support/servers'

// The same broken servers for every kind: each names its step, what was seen and what to do.

const policy = readEgressPolicy('')
const opened: { close(): Promise<void> }[] = []
const keep = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
  const one = await opening
  opened.push(one)
  return one
}
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

let ca: TestCertificate
beforeAll(async () => {
  ca = await makeCertificate('Example Test CA', { isCa: true, names: null })
})

const check = (kind: RegistryKind, endpoint: string, trusted = '') =>
  checkConnection(
    {
      kind,
      endpoint,
      auth: { type: 'basic', username: 'admin', password: 'right' },
      tls: { ca: trusted, insecureSkipVerify: false },
    } satisfies Connection,
    policy,
  )

const plain = async (server: Promise<TestServer>) => `http://127.0.0.1:${(await keep(server)).port}`
const secure = async (server: Promise<TestServer>) => `https://localhost:${(await keep(server)).port}`
const answering =
  (status: number, headers: Record<string, string> = {}, body = ''): RequestListener =>
  (_request, response) =>
    response.writeHead(status, headers).end(body)
const withCertificate = async (certificate: Promise<TestCertificate>) =>
  secure(startWeb(answering(200, {}, '{}'), await certificate))
/** Asks for a password, and then says this. */
const behindAPassword =
  (status: number): RequestListener =>
  ({ headers }, response) =>
    headers.authorization
      ? response.writeHead(status, { 'www-authenticate': 'Basic realm="x"' }).end()
      : response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
const mail = () => startTcp((socket) => socket.end('220 mail.example ESMTP\r\n'))

type Broken = [title: string, step: CheckStepName, seen: RegExp, fix: RegExp, start: () => Promise<string>]

const BROKEN: Broken[] = [
  [
    'a name that is not known',
    'name',
    /not known|looked up/,
    /spelling|DNS/,
    async () => 'https://no-such-host.invalid',
  ],
  [
    'an address that is never allowed',
    'address',
    /not allowed/,
    /operator/,
    async () => 'http://169.254.169.254',
  ],
  [
    'a port on which nothing listens',
    'connection',
    /refused/,
    /port/,
    async () => `http://127.0.0.1:${await closedPort()}`,
  ],
  [
    'plain HTTP on the port of https',
    'tls',
    /does not speak TLS/,
    /http:\/\//,
    () => secure(startWeb(answering(200))),
  ],
  ['a mail server on the port of https', 'tls', /TLS/, /http:\/\//, () => secure(mail())],
  ['a mail server on the port of http', 'http', /speak HTTP/, /port/, () => plain(mail())],
  [
    'TLS on the port of http',
    'http',
    /speak HTTP|broke/,
    /https:\/\//,
    async () => plain(startWeb(answering(200), await makeCertificate('localhost', { ca }))),
  ],
  [
    'an expired certificate',
    'tls',
    /expired/,
    /Renew/,
    () => withCertificate(makeCertificate('localhost', { ca, days: -1 })),
  ],
  [
    'a certificate that is not valid yet',
    'tls',
    /not valid yet/,
    /clocks/,
    () => withCertificate(makeCertificate('localhost', { ca, from: 10 })),
  ],
  [
    'a certificate for another name',
    'tls',
    /another name/,
    /name/,
    () => withCertificate(makeCertificate('other.example', { ca })),
  ],
  [
    'a self-signed certificate',
    'tls',
    /self-signed/,
    /CA certificate/,
    () => withCertificate(makeCertificate('localhost')),
  ],
  [
    'a certificate of an unknown authority',
    'tls',
    /not trusted/,
    /CA certificate/,
    async () =>
      withCertificate(
        makeCertificate('localhost', { ca: await makeCertificate('Somebody', { isCa: true, names: null }) }),
      ),
  ],
  [
    'a page for people',
    'registry',
    /web page/,
    /address/,
    () =>
      plain(
        startWeb(answering(200, { 'content-type': 'text/html' }, '<!doctype html><title>Router</title>')),
      ),
  ],
  ['404 everywhere', 'registry', /404|not |no /, /\S/, () => plain(startWeb(answering(404)))],
  ['an error of the server', 'registry', /500/, /log/, () => plain(startWeb(answering(500)))],
  [
    'a wish to wait',
    'registry',
    /wait \(429\)/,
    /tried again/,
    () => plain(startWeb(answering(429, { 'retry-after': '9' }))),
  ],
  [
    'redirects without an end',
    'http',
    /redirects more than/,
    /really/,
    () => plain(startWeb(({ url }, response) => response.writeHead(302, { location: `${url}a` }).end())),
  ],
  [
    'a wrong password',
    'credentials',
    /refused the credentials \(401\)/,
    /Check user name/,
    () => plain(startWeb(behindAPassword(401))),
  ],
  [
    'a user who may not read',
    'credentials',
    /403/,
    /right to read/,
    () => plain(startWeb(behindAPassword(403))),
  ],
]

describe.each(RegistryKind.options)('the connection test of the kind %s names the step of', (kind) => {
  test.each(BROKEN)('%s: %s', async (_title, step, seen, fix, start) => {
    const steps = await check(kind, await start(), ca.cert)
    expect(steps.map((one) => one.step)).toEqual([...CHECK_STEPS])
    const at = steps.findIndex((one) => one.status === 'failed')
    expect(steps[at], JSON.stringify(steps, null, 1)).toMatchObject({
      ...{ step, seen: expect.stringMatching(seen), fix: expect.stringMatching(fix) },
    })
    for (const before of steps.slice(0, at)) expect(['passed', 'warned']).toContain(before.status)
    for (const after of steps.slice(at + 1)) expect(after.status).toBe('not_reached')
    expect(JSON.stringify(steps)).not.toContain('right"')
  })
})

const startOurs = async () => (await keep(startTestRegistry({ users: { admin: 'right' } }))).url
const startCharts = async () => (await keep(startChartRepository())).url

const startOpen = async () => (await keep(startTestRegistry())).url
/** As registries of container images answer that have no /v1/. */
const startImages = () =>
  plain(
    startWeb(({ url }, response) =>
      url === '/v2/'
        ? response.writeHead(200, { 'docker-distribution-api-version': 'registry/2.0' }).end('{}')
        : response.writeHead(404).end(),
    ),
  )
const behindAPage = () =>
  plain(
    startWeb(({ url }, response) =>
      url === '/index.yaml'
        ? response.end('apiVersion: v1\nentries: {}\n')
        : response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>'),
    ),
  )

test.each([
  ['pack', 'a chart repository', startCharts, 'registry', 'helm', /Helm repository/],
  ['pack', 'a chart repository with a page for people', behindAPage, 'registry', 'helm', /Helm repository/],
  ['pack', 'a registry of images', startImages, 'registry', 'oci', /container images/],
  ['oci', 'a chart repository', startCharts, 'registry', 'helm', /Helm repository/],
  ['oci', 'a chart repository with a page for people', behindAPage, 'registry', 'helm', /Helm repository/],
  // It asks everybody who they are before it says that there is no index.
  ['helm', 'a pack registry', startOurs, 'catalog', 'pack', /is a pack registry/],
  ['helm', 'a pack registry that is open', startOpen, 'registry', 'pack', /is a pack registry/],
  ['helm', 'a registry of images', startImages, 'registry', 'oci', /container images/],
] as const)(
  'asked for the kind %s, %s is called what it is, with the kind to take',
  async (kind, _what, start, step, otherKind, seen) => {
    const failed = (await check(kind, await start())).find((one) => one.status === 'failed')
    expect(failed).toMatchObject({ step, otherKind, seen: expect.stringMatching(seen) })
    expect(failed?.fix).toMatch(/^Add it as a registry of the kind /)
  },
)

test('a pack registry that asks who we are is called one also where nobody gave credentials', async () => {
  const nobody = {
    endpoint: await startOurs(),
    auth: { type: 'none' },
    tls: { ca: '', insecureSkipVerify: false },
  }
  const steps = await checkConnection({ ...nobody, kind: 'helm' } as Connection, policy)
  expect(steps.find((one) => one.status === 'failed')).toMatchObject({ otherKind: 'pack' })
})

test('a web server that asks for a password everywhere is no registry of another kind', async () => {
  const endpoint = await plain(startWeb(behindAPassword(404)))
  expect((await check('helm', endpoint)).find((one) => one.status === 'failed')).toMatchObject({
    ...{ step: 'catalog', otherKind: undefined, seen: expect.stringMatching(/no index.yaml/) },
  })
})

test('a certificate that was trusted from the test is trusted alone: another in its place fails with words', async () => {
  const port = await closedPort()
  const first = await startTestRegistry({ tls: await makeCertificate('localhost'), port })
  const endpoint = `https://localhost:${port}`
  const shown = (await check('pack', endpoint)).find((one) => one.step === 'tls')?.certificates?.[0]
  expect(shown?.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  const tlsStep = async () => (await check('pack', endpoint, shown?.pem)).find((one) => one.step === 'tls')
  expect(await tlsStep()).toMatchObject({ status: 'passed' })
  await first.close()
  await keep(startTestRegistry({ tls: await makeCertificate('localhost'), port }))
  const changed = await tlsStep()
  expect(changed).toMatchObject({
    status: 'failed',
    seen: expect.stringMatching(/self-signed and not trusted|signature/),
  })
  expect(changed?.certificates?.[0]?.fingerprint).not.toBe(shown?.fingerprint)
})
