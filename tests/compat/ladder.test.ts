import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { checkConnection } from '@/lib/adapters/check'
import type { CheckStep, CheckStepName, Connection } from '@/lib/adapters/schema'
import { CHECK_STEPS } from '@/lib/adapters/words'
import { readEgressPolicy } from '@/lib/outbound/policy'

import { makeCertificate, type TestCertificate } from '../support/certificates'
import { pushPack } from '../support/packs'
import { startTestRegistry } from '../support/registry'
import { closedPort, isInstalled, startFull, startTcp, startWeb } from '../support/servers'

const policy = readEgressPolicy('')
const NO_TLS = { ca: '', insecureSkipVerify: false }
const admin = { type: 'basic', username: 'admin', password: 'right' } as const

const opened: { close(): Promise<void> }[] = []
const keep = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
  const one = await opening
  opened.push(one)
  return one
}
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

const check = (endpoint: string, rest: Partial<Connection> = {}) =>
  checkConnection({ kind: 'pack', endpoint, auth: admin, tls: NO_TLS, ...rest }, policy)

/** The one step that failed, once it is clear that everything before passed and nothing after was tried. */
function failedStep(steps: CheckStep[]): CheckStep {
  expect(steps.map((one) => one.step)).toEqual([...CHECK_STEPS])
  const at = steps.findIndex((one) => one.status === 'failed')
  const failed = steps[at]
  if (!failed) throw new Error(`Nothing failed: ${JSON.stringify(steps, null, 1)}`)
  for (const before of steps.slice(0, at)) expect(['passed', 'warned']).toContain(before.status)
  for (const after of steps.slice(at + 1)) expect(after.status).toBe('not_reached')
  expect(failed.seen).toMatch(/[.)]$/)
  expect(failed.fix).toMatch(/\.|\)$/)
  return failed
}

/** That a check fails at this step, says what was seen and what to do. */
function expectFailure(steps: CheckStep[], step: CheckStepName, seen: RegExp, fix: RegExp): CheckStep {
  const failed = failedStep(steps)
  expect(failed).toMatchObject({ step, seen: expect.stringMatching(seen), fix: expect.stringMatching(fix) })
  return failed
}

const statuses = (steps: CheckStep[]) => Object.fromEntries(steps.map((one) => [one.step, one.status]))

describe('the connection test names the step at fault, what it saw and what to do', () => {
  test('when the name is not known', async () => {
    expectFailure(await check('https://no-such-host.invalid'), 'name', /name of the server/, /spelling|DNS/)
  })

  test('when the address is never allowed, without telling what is there', async () => {
    const steps = await check('http://169.254.169.254')
    expectFailure(steps, 'address', /^This address is not allowed\.$/, /PACKYARD_EGRESS/)
    expect(JSON.stringify(steps)).not.toContain('169.254')
  })

  test('when nothing listens there', async () => {
    const port = await closedPort()
    expectFailure(await check(`http://127.0.0.1:${port}`), 'connection', /refused/, /port/)
  })

  test('when the server breaks the connection', async () => {
    const { port } = await keep(startTcp((socket) => socket.once('data', () => socket.destroy())))
    expectFailure(await check(`http://127.0.0.1:${port}`), 'http', /broke/, /https:\/\//)
  })

  test('when plain HTTP is spoken on a port that was asked for TLS', async () => {
    const { port } = await keep(startWeb((_request, response) => response.end('{}')))
    expectFailure(await check(`https://127.0.0.1:${port}`), 'tls', /does not speak TLS/, /http:\/\//)
  })

  test('when TLS is spoken on a port that was asked for plain HTTP', async () => {
    const certificate = await makeCertificate('localhost')
    const { port } = await keep(startWeb((_request, response) => response.end('{}'), certificate))
    expectFailure(await check(`http://localhost:${port}`), 'http', /speak HTTP|broke/, /https:\/\//)
  })

  test('when no HTTP is spoken there', async () => {
    const { port } = await keep(startTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')))
    expectFailure(await check(`http://127.0.0.1:${port}`), 'http', /speak HTTP/, /port/)
  })

  test('when a web page answers', async () => {
    const { port } = await keep(
      startWeb((_request, response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Router</title>'),
      ),
    )
    expectFailure(await check(`http://127.0.0.1:${port}`), 'registry', /web page/, /\/v1\//)
  })

  test('when some other API answers', async () => {
    const { port } = await keep(
      startWeb((_request, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"hello":"world"}'),
      ),
    )
    expectFailure(await check(`http://127.0.0.1:${port}`), 'registry', /not a pack registry/, /\/v1\//)
  })

  test('when a registry of container images answers', async () => {
    const { port } = await keep(
      startWeb(({ url }, response) => {
        response.setHeader('docker-distribution-api-version', 'registry/2.0')
        response.writeHead(url === '/v2/' ? 200 : 404, { 'content-type': 'application/json' }).end('{}')
      }),
    )
    expectFailure(
      await check(`http://127.0.0.1:${port}`),
      'registry',
      /container images.*\/v2\//,
      /pack registry/,
    )
  })

  test('when it answers with an error, or asks to wait', async () => {
    let status = 500
    const { port } = await keep(
      startWeb((_request, response) => response.writeHead(status, { 'retry-after': '9' }).end()),
    )
    expectFailure(await check(`http://127.0.0.1:${port}`), 'registry', /500/, /log/)
    status = 429
    expectFailure(await check(`http://127.0.0.1:${port}`), 'registry', /wait/, /again/)
  })

  test('when it sends us to another place too often', async () => {
    const { port } = await keep(
      startWeb(({ url }, response) => response.writeHead(302, { location: `${url}a` }).end()),
    )
    expectFailure(await check(`http://127.0.0.1:${port}`), 'http', /redirects/, /really/)
  })

  test('when the password is wrong, or none was entered', async () => {
    const { url } = await keep(startTestRegistry({ users: { admin: 'right' } }))
    const wrong = { ...admin, password: 'wrong' }
    expectFailure(await check(url, { auth: wrong }), 'credentials', /refused.*401/, /Check user name/)
    expectFailure(await check(url, { auth: { type: 'none' } }), 'credentials', /asks for/, /Enter user name/)
  })

  test('when the user may not read', async () => {
    const { port } = await keep(
      startWeb(({ headers }, response) =>
        headers.authorization
          ? response.writeHead(403).end('{}')
          : response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end('{}'),
      ),
    )
    expectFailure(await check(`http://127.0.0.1:${port}`), 'credentials', /403/, /right to read/)
  })

  test('when a page turns up behind the password', async () => {
    const { port } = await keep(
      startWeb(({ headers }, response) =>
        headers.authorization
          ? response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
          : response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end('<html>401'),
      ),
    )
    expectFailure(await check(`http://127.0.0.1:${port}`), 'catalog', /web page/, /\/v1\//)
  })

  test('when the list of packs cannot be read', async () => {
    const { port } = await keep(
      startWeb(({ url }, response) =>
        url === '/v1/' ? response.end('{}') : response.writeHead(500).end('oops'),
      ),
    )
    expectFailure(await check(`http://127.0.0.1:${port}`), 'catalog', /500/, /log/)
  })

  test('when time runs out, at whichever step', { timeout: 40_000 }, async () => {
    const full = await keep(startFull())
    const silent = await keep(startTcp(() => {}))
    const halting = await keep(startWeb((_request, response) => response.writeHead(200).write('{')))
    const endless = await keep(
      startWeb(({ url }, response) => {
        if (url === '/v1/') return response.end('{}')
        response.writeHead(200, { 'content-type': 'application/x-ndjson' })
        const timer = setInterval(() => response.write('\n'), 500)
        return response.once('close', () => clearInterval(timer))
      }),
    )
    const [waiting, mute, muteTls, half, forever] = await Promise.all([
      // Elsewhere than on Linux a full queue refuses.
      process.platform === 'linux' ? check(`http://127.0.0.1:${full.port}`) : null,
      check(`http://127.0.0.1:${silent.port}`),
      check(`https://127.0.0.1:${silent.port}`),
      check(`http://127.0.0.1:${halting.port}`),
      check(`http://127.0.0.1:${endless.port}`),
    ])
    if (waiting) expectFailure(waiting, 'connection', /in time/, /firewall/)
    expectFailure(mute, 'http', /in time/, /said nothing/)
    expectFailure(muteTls, 'tls', /in time/, /http:\/\//)
    expectFailure(half, 'http', /middle/, /stopped/)
    expectFailure(forever, 'catalog', /too slowly/, /Look at the registry/)
  })
})

describe('over TLS', () => {
  let ca: TestCertificate
  let ours: TestCertificate
  beforeAll(async () => {
    ca = await makeCertificate('Example Test CA', { isCa: true, names: null })
    ours = await makeCertificate('localhost', { ca })
  })

  const startTls = async (tls: TestCertificate) => {
    const { port } = await keep(startTestRegistry({ tls }))
    return `https://localhost:${port}`
  }
  const trusting = (...certificates: TestCertificate[]) => ({
    tls: { ca: certificates.map((one) => one.cert).join('\n'), insecureSkipVerify: false },
  })

  test('a certificate of an authority that is not trusted is shown with its chain', async () => {
    const both = { cert: `${ours.cert}\n${ca.cert}`, key: ours.key }
    const steps = await check(await startTls(both))
    const { certificates } = expectFailure(steps, 'tls', /not trusted/, /CA certificate/)
    expect(certificates?.map((one) => one.subject)).toEqual(['localhost', 'Example Test CA'])
    expect(certificates?.[0]).toMatchObject({
      issuer: 'Example Test CA',
      names: ['localhost'],
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      pem: expect.stringContaining('BEGIN CERTIFICATE'),
    })
  })

  test('the authority pasted as CA certificate is trusted, and so is the last certificate of the chain shown', async () => {
    const endpoint = await startTls({ cert: `${ours.cert}\n${ca.cert}`, key: ours.key })
    expect(statuses(await check(endpoint, trusting(ca)))).toMatchObject({ tls: 'passed', catalog: 'passed' })
    const shown = (await check(endpoint)).find((one) => one.step === 'tls')?.certificates?.at(-1)
    const tls = { ca: shown?.pem ?? '', insecureSkipVerify: false }
    expect(statuses(await check(endpoint, { tls }))).toMatchObject({ tls: 'passed', catalog: 'passed' })
  })

  test('a self-signed certificate is refused until it is pasted', async () => {
    const self = await makeCertificate('localhost')
    const endpoint = await startTls(self)
    expectFailure(await check(endpoint), 'tls', /self-signed/, /Paste/)
    expect(statuses(await check(endpoint, trusting(self)))).toMatchObject({ tls: 'passed', pack: 'passed' })
  })

  test('an expired certificate is refused, though its authority is trusted', async () => {
    const endpoint = await startTls(await makeCertificate('localhost', { ca, days: -1 }))
    expectFailure(await check(endpoint, trusting(ca)), 'tls', /expired/, /Renew/)
  })

  test('a certificate for another name is refused', async () => {
    const endpoint = await startTls(await makeCertificate('registry.example.com', { ca }))
    expectFailure(await check(endpoint, trusting(ca)), 'tls', /another name/, /name/)
  })

  test('one that expires within two weeks passes with a warning', async () => {
    const endpoint = await startTls(await makeCertificate('localhost', { ca, days: 5 }))
    const steps = await check(endpoint, trusting(ca))
    expect(statuses(steps)).toMatchObject({ tls: 'warned', catalog: 'passed' })
    expect(steps.find((one) => one.step === 'tls')?.seen).toMatch(/expires in [45] days/)
  })

  test('without verification everything passes, with a warning', async () => {
    const endpoint = await startTls(await makeCertificate('registry.example.com', { days: -1 }))
    const steps = await check(endpoint, { tls: { ca: '', insecureSkipVerify: true } })
    expect(statuses(steps)).toMatchObject({ tls: 'warned', catalog: 'passed' })
  })

  test('a CA certificate that is none is told at its step', async () => {
    const endpoint = await startTls(ours)
    const tls = { ca: 'my certificate', insecureSkipVerify: false }
    expectFailure(await check(endpoint, { tls }), 'tls', /no certificate in PEM form/, /BEGIN CERTIFICATE/)
  })

  test.runIf(isInstalled('openssl'))(
    "the certificate of the documentation's openssl line, without alternative names, is taken with a warning",
    async () => {
      const dir = mkdtempSync(path.join(tmpdir(), 'packyard-ladder-'))
      const [key, crt] = [path.join(dir, 'tls.key'), path.join(dir, 'tls.crt')]
      execFileSync(
        'openssl',
        [
          ...['req', '-newkey', 'rsa:4096', '-nodes', '-sha256', '-keyout', key],
          ...['-x509', '-days', '365', '-out', crt, '-subj', '/C=US/O=Example/CN=localhost'],
        ],
        { stdio: 'ignore' },
      )
      const own = { cert: readFileSync(crt, 'utf8'), key: readFileSync(key, 'utf8') }
      rmSync(dir, { recursive: true })
      const endpoint = await startTls(own)
      expectFailure(
        await check(endpoint),
        'tls',
        /self-signed/,
        /x509: certificate signed by unknown authority/,
      )
      const steps = await check(endpoint, trusting(own))
      expect(statuses(steps)).toMatchObject({ tls: 'warned', catalog: 'passed', pack: 'passed' })
      expect(steps.find((one) => one.step === 'tls')).toMatchObject({
        seen: expect.stringContaining('old way'),
        fix: expect.stringContaining('subjectAltName'),
      })
    },
  )
})

describe('a registry that works passes', () => {
  test('empty, with what to do next', async () => {
    const { url } = await keep(startTestRegistry({ users: { admin: 'right' } }))
    const steps = await check(url)
    expect(statuses(steps)).toMatchObject({ registry: 'passed', credentials: 'passed', catalog: 'passed' })
    expect(steps.find((one) => one.step === 'catalog')?.seen).toBe('No packs yet')
    expect(steps.find((one) => one.step === 'pack')?.seen).toContain('packyard pack push')
  })

  test('with packs, one of which is read', async () => {
    const { url } = await keep(startTestRegistry({ users: { admin: 'right' } }))
    await pushPack({ url, user: 'admin', password: 'right' }, { name: 'dex', version: '1.2.3' })
    const steps = await check(url)
    expect(steps.every((one) => one.status === 'passed' || one.step === 'tls')).toBe(true)
    expect(steps.find((one) => one.step === 'pack')?.seen).toBe('dex 1.2.3')
  })

  test('without a password, where everybody may read', async () => {
    const { url } = await keep(startTestRegistry())
    const steps = await check(url, { auth: { type: 'none' } })
    expect(steps.find((one) => one.step === 'credentials')?.seen).toContain('everybody')
  })

  test('behind a web server that asks for the password in its own way', async () => {
    const { url } = await keep(startTestRegistry())
    const { port } = await keep(
      startWeb(async (request, response) => {
        if (!request.headers.authorization)
          return response
            .writeHead(401, { 'www-authenticate': 'Basic realm="x"', 'content-type': 'text/html' })
            .end('<html><title>401 Authorization Required</title></html>')
        const answer = await fetch(`${url}${request.url}`)
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
        return response.end(await answer.text())
      }),
    )
    expect(statuses(await check(`http://127.0.0.1:${port}`))).toMatchObject({ catalog: 'passed' })
  })
})

afterAll(() => expect(opened).toEqual([]))
