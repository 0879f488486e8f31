import type dns from 'node:dns'
import type http from 'node:http'
import net from 'node:net'

import { afterEach, describe, expect, test } from 'vitest'

import { checkConnection } from '@/lib/adapters/check'
import { normaliseEndpoint } from '@/lib/adapters/endpoint'
import type { Connection } from '@/lib/adapters/schema'
import { createOutbound, type Outbound, type OutboundOptions } from '@/lib/outbound/client'
import { allowPrivate, type EgressPolicy, readEgressPolicy } from '@/lib/outbound/policy'
import { makeCertificate } from '../support/certificates'
import { startWeb, type TestServer } from '../support/servers'

const CLOSED = readEgressPolicy('public')
const NO_TLS = { ca: '', insecureSkipVerify: false }
const AUTH = { type: 'basic', username: 'ada', password: 'canary' } as const

const ends: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of ends.splice(0)) await one.close()
})

type Heard = { path: string; authorization: string | undefined }
async function listen(answer: http.RequestListener, tls?: Parameters<typeof startWeb>[1]) {
  const heard: Heard[] = []
  const server: TestServer = await startWeb((request, response) => {
    heard.push({ path: request.url ?? '', authorization: request.headers.authorization })
    answer(request, response)
  }, tls)
  ends.push(server)
  return { port: server.port, heard }
}
function client(origin: string, rest: Partial<OutboundOptions> = {}): Outbound {
  const outbound = createOutbound({ origin, auth: AUTH, tls: NO_TLS, policy: allowPrivate, ...rest })
  ends.push(outbound)
  return outbound
}
const to = (location: string, status = 302): http.RequestListener => {
  return (_request, response) => response.writeHead(status, { location }).end()
}

/** As if some loopback addresses were out on the internet. */
const asPublic = (...addresses: string[]): EgressPolicy => ({
  allows: () => true,
  isPublic: (address) => addresses.includes(address),
})
/** A resolver whose answers are a name's, one after the other; the last stays. */
function resolver(answers: Record<string, string[]>): typeof dns.lookup {
  return ((
    hostname: string,
    _options: unknown,
    done: (e: Error | null, list: dns.LookupAddress[]) => void,
  ) => {
    const list = answers[hostname] ?? []
    const address = (list.length > 1 ? list.shift() : list[0]) ?? ''
    done(null, [{ address, family: net.isIPv6(address) ? 6 : 4 }])
  }) as unknown as typeof dns.lookup
}

describe('a network that the egress policy closes', () => {
  /** Ways to write an address inside, as a person or a redirect may. */
  const INSIDE = [
    ...[
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '0x7f.0.0.1',
      '127.0.0.1.',
      '１２７.０.０.１',
    ],
    ...['[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]'],
    ...['[64:ff9b:1::7f00:1]', '[::ffff:0:7f00:1]', '[2002:7f00:1::]', '[fd12::1]', '10.1.2.3', '172.16.0.1'],
    ...['192.168.1.1', '100.64.0.1', '[::ffff:10.1.2.3]', 'localhost', 'LOCALHOST', 'ⓛocalhost'],
  ]
  const METADATA = [
    ...['169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '[::ffff:169.254.169.254]'],
    ...['[64:ff9b::a9fe:a9fe]', '[fe80::a9fe:a9fe]', '[fd00:ec2::254]', '[fd20:ce::254]', '100.100.100.200'],
    ...[
      '168.63.129.16',
      '0.0.0.0',
      '0',
      '[::]',
      '255.255.255.255',
      '224.0.0.1',
      '[ff02::1]',
      '[2002:a9fe:a9fe::]',
    ],
  ]

  test.each([
    ...INSIDE.map((host) => [host, CLOSED] as const),
    ...METADATA.map((host) => [host, allowPrivate] as const),
  ])('is not connected to as %s', async (host, policy) => {
    const { port, heard } = await listen((_request, response) => response.end())
    const origin = `http://${host}:${port}`
    await expect(client(origin, { policy }).request('GET', `${origin}/`)).rejects.toMatchObject({
      code: 'not_allowed',
      message: 'This address is not allowed.',
    })
    expect(heard).toEqual([])
  })

  test('is not connected to after a redirect or a link, in any form', async () => {
    for (const host of METADATA) {
      const { port } = await listen(to(`http://${host}/latest/meta-data/`))
      await expect(
        client(`http://127.0.0.1:${port}`).request('GET', `http://127.0.0.1:${port}/`),
      ).rejects.toMatchObject({ code: 'redirect_refused' })
    }
  })

  test('answers the same whether a port there is open, closed or silent, in the same time', async () => {
    const { port } = await listen((_request, response) => response.end())
    const connection = (at: number): Connection => ({
      ...{ kind: 'pack', endpoint: `http://127.0.0.1:${at}`, auth: AUTH, tls: NO_TLS },
    })
    const answers = []
    for (const at of [port, 1, 9]) {
      const steps = await checkConnection(connection(at), CLOSED)
      for (const { ms } of steps) expect(ms).toBeLessThan(1000)
      answers.push(JSON.stringify(steps.map(({ ms: _, ...step }) => step)))
    }
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).not.toMatch(/127|open|refused the connection/)
  })

  test('is not reached by a name that stands for a public and a closed address', async () => {
    const { port, heard } = await listen((_request, response) => response.end())
    const lookup = ((_host: string, _options: unknown, done: (e: null, list: dns.LookupAddress[]) => void) =>
      done(null, [
        { address: '93.184.216.34', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ])) as unknown as typeof dns.lookup
    const origin = `http://both.example:${port}`
    await expect(client(origin, { policy: CLOSED, lookup }).request('GET', origin)).rejects.toMatchObject({
      code: 'not_allowed',
    })
    expect(heard).toEqual([])
  })
})

describe('a name that changes what it stands for', () => {
  test('is looked up once for a connection: the address that was checked is the one connected to', async () => {
    const { port, heard } = await listen((_request, response) => response.end('here'))
    const asked: string[] = []
    const answers = resolver({ 'rebind.example': ['127.0.0.1', '169.254.169.254'] })
    const lookup = ((host: string, ...rest: unknown[]) => {
      asked.push(host)
      return (answers as (...all: unknown[]) => void)(host, ...rest)
    }) as typeof dns.lookup
    const origin = `http://rebind.example:${port}`
    expect(await (await client(origin, { lookup }).request('GET', origin)).text()).toBe('here')
    expect([asked.length, heard.length]).toEqual([1, 1])
  })

  test('from public to inside is refused at the next connection', async () => {
    const { port, heard } = await listen((_request, response) => {
      response.setHeader('connection', 'close')
      response.end('here')
    })
    const lookup = resolver({ 'rebind.example': ['127.0.0.2', '127.0.0.1'] })
    const origin = `http://rebind.example:${port}`
    const web = await listenOn('127.0.0.2', port)
    const outbound = client(origin, { lookup, policy: asPublic('127.0.0.2') })
    await (await outbound.request('GET', origin)).text()
    await expect(outbound.request('GET', origin)).rejects.toMatchObject({ code: 'not_allowed' })
    expect([web.heard.length, heard.length]).toEqual([1, 0])
  })
})

/** A second address of this machine, at a port that another listens on too. */
async function listenOn(
  address: string,
  port: number,
  answer: http.RequestListener = (_r, s) => s.end('there'),
) {
  const { createServer } = await import('node:http')
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    heard.push({ path: request.url ?? '', authorization: request.headers.authorization })
    response.setHeader('connection', 'close')
    answer(request, response)
  })
  await new Promise<void>((done) => server.listen(port, address, done))
  ends.push({ close: async () => void server.close() })
  return { heard }
}

describe('what a public registry says', () => {
  test.each(['redirect', 'link'])('leads to nothing inside by a %s', async (how) => {
    const inside = await listen((_request, response) => response.end('secret'))
    const target = `http://127.0.0.1:${inside.port}/x`
    const { port } = await listen((_request, response) => response.end())
    await listenOn(
      '127.0.0.2',
      port,
      how === 'redirect' ? to(target) : (_r, response) => response.end(target),
    )
    const origin = `http://127.0.0.2:${port}`
    const outbound = client(origin, { policy: asPublic('127.0.0.2') })
    const asked =
      how === 'redirect'
        ? outbound.request('GET', origin)
        : outbound.request('GET', origin).then(async (answer) => outbound.request('GET', await answer.text()))
    await expect(asked).rejects.toMatchObject({ code: 'redirect_refused' })
    expect(inside.heard).toEqual([])
  })
})

describe('credentials', () => {
  test.each([301, 302, 303, 307, 308])(
    'do not follow a redirect (%i) to another host or port, nor come back',
    async (status) => {
      const registry = await listen((request, response) =>
        request.url === '/back'
          ? response.end('done')
          : to(`http://127.0.0.1:${stranger.port}/`, status)(request, response),
      )
      const stranger = await listen((request, response) =>
        to(`http://127.0.0.1:${registry.port}/back`, status)(request, response),
      )
      const origin = `http://127.0.0.1:${registry.port}`
      expect(await (await client(origin).request('GET', origin)).text()).toBe('done')
      expect(registry.heard.map((one) => [one.path, one.authorization !== undefined])).toEqual([
        ['/', true],
        ['/back', false],
      ])
      expect(stranger.heard).toEqual([{ path: '/', authorization: undefined }])
    },
  )

  test('do not go to an origin that only looks like the registry, nor among the headers of a caller', async () => {
    const { port, heard } = await listen((_request, response) => response.end())
    const lookup = resolver(
      Object.fromEntries(
        [
          'registry.example',
          'registry.example.evil',
          'evil-registry.example',
          'registry.example.',
          new URL('http://registrý.example').hostname,
        ].map((host) => [host, ['127.0.0.1']]),
      ),
    )
    const outbound = client(`http://registry.example:${port}`, { lookup })
    for (const host of [
      'registry.example.evil',
      'evil-registry.example',
      'registry.example.',
      'registrý.example',
    ])
      await outbound.request('GET', `http://${host}:${port}/`, {
        headers: { Authorization: 'Basic mine', Cookie: 'mine' },
        authorization: 'Bearer mine',
      })
    expect(heard.length).toBe(4)
    for (const { authorization } of heard) expect(authorization).toBeUndefined()
    await outbound.request('GET', `http://REGISTRY.example:${port}/`)
    expect(heard.at(-1)?.authorization).toMatch(/^Basic /)
    await expect(
      outbound.request('GET', `http://registry.example:${port}@evil.example/`),
    ).rejects.toMatchObject({
      message: 'An address may hold no user name and no password.',
    })
  })

  test('are not sent by a proxy of the environment', async () => {
    const proxy = await listen((_request, response) => response.end('proxy'))
    const { port } = await listen((_request, response) => response.end('registry'))
    const before = { ...process.env }
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY'])
      process.env[name] = `http://127.0.0.1:${proxy.port}`
    process.env.NODE_USE_ENV_PROXY = '1'
    process.env.NO_PROXY = ''
    try {
      const origin = `http://127.0.0.1:${port}`
      expect(await (await client(origin).request('GET', origin)).text()).toBe('registry')
      expect(proxy.heard).toEqual([])
    } finally {
      process.env = before
    }
  })
})

describe('a redirect', () => {
  test('is followed three times and no more', async () => {
    const { port, heard } = await listen((request, response) => {
      const next = Number(request.url?.slice(1)) - 1
      return next < 0 ? response.end('done') : to(`/${next}`)(request, response)
    })
    const origin = `http://127.0.0.1:${port}`
    expect(await (await client(origin).request('GET', `${origin}/3`)).text()).toBe('done')
    heard.length = 0
    await expect(client(origin).request('GET', `${origin}/4`)).rejects.toMatchObject({
      code: 'redirect_refused',
    })
    expect(heard.length).toBe(4)
  })

  test.each([
    'file:///etc/passwd',
    'ftp://127.0.0.1/',
    'http://a:b@127.0.0.1/',
    'http://',
    'javascript:alert(1)',
  ])('to %s is refused', async (location) => {
    const { port } = await listen(to(location))
    const origin = `http://127.0.0.1:${port}`
    await expect(client(origin).request('GET', origin)).rejects.toMatchObject({ code: 'redirect_refused' })
  })

  test('from https to http is refused, and nothing is asked there', async () => {
    const plain = await listen((_request, response) => response.end())
    const own = await makeCertificate('127.0.0.1')
    const { port } = await listen(to(`http://127.0.0.1:${plain.port}/`), own)
    const origin = `https://127.0.0.1:${port}`
    await expect(
      client(origin, { tls: { ca: own.cert, insecureSkipVerify: false } }).request('GET', origin),
    ).rejects.toMatchObject({ code: 'redirect_refused' })
    expect(plain.heard).toEqual([])
  })
})

describe('TLS settings reach the socket', () => {
  test('a wrong CA fails, directly and behind a redirect, and nothing is sent', async () => {
    const [right, wrong] = [await makeCertificate('127.0.0.1'), await makeCertificate('127.0.0.1')]
    const other = await listen((_request, response) => response.end('other'), wrong)
    const registry = await listen(
      (request, response) =>
        request.url === '/'
          ? response.end('registry')
          : to(`https://127.0.0.1:${other.port}/`)(request, response),
      right,
    )
    const origin = `https://127.0.0.1:${registry.port}`
    const trusting = client(origin, { tls: { ca: right.cert, insecureSkipVerify: false } })
    expect(await (await trusting.request('GET', origin)).text()).toBe('registry')
    await expect(trusting.request('GET', `${origin}/elsewhere`)).rejects.toMatchObject({
      code: 'tls_unknown_ca',
    })
    const mistaken = client(origin, { tls: { ca: wrong.cert, insecureSkipVerify: false } })
    await expect(mistaken.request('GET', origin)).rejects.toMatchObject({ code: 'tls_unknown_ca' })
    const trustless = client(origin)
    await expect(trustless.request('GET', origin)).rejects.toMatchObject({ code: 'tls_unknown_ca' })
    expect([other.heard.length, registry.heard.length]).toEqual([0, 2])
  })

  test('a custom CA does not let another name pass', async () => {
    const ca = await makeCertificate('A test authority', { names: null, isCa: true })
    const leaf = await makeCertificate('elsewhere.example', { ca })
    const { port, heard } = await listen((_request, response) => response.end(), leaf)
    const origin = `https://127.0.0.1:${port}`
    await expect(
      client(origin, { tls: { ca: ca.cert, insecureSkipVerify: false } }).request('GET', origin),
    ).rejects.toMatchObject({ code: 'tls_name' })
    expect(heard).toEqual([])
  })

  test('skipping verification holds for the one origin, and not where that leads', async () => {
    const [one, two] = [await makeCertificate('127.0.0.1'), await makeCertificate('127.0.0.1')]
    const other = await listen((_request, response) => response.end('other'), two)
    const registry = await listen(
      (request, response) =>
        request.url === '/'
          ? response.end('registry')
          : to(`https://127.0.0.1:${other.port}/`)(request, response),
      one,
    )
    const origin = `https://127.0.0.1:${registry.port}`
    const careless = client(origin, { tls: { ca: '', insecureSkipVerify: true } })
    expect(await (await careless.request('GET', origin)).text()).toBe('registry')
    await expect(careless.request('GET', `${origin}/elsewhere`)).rejects.toMatchObject({
      code: 'tls_unknown_ca',
    })
    expect(other.heard).toEqual([])
  })
})

test('an address with a user name, a trailing dot or a name in other letters is one spelling, or refused', () => {
  for (const typed of [
    'https://ada:secret@registry.example',
    'ada@registry.example',
    'https://registry.example?token=1',
  ])
    expect(() => normaliseEndpoint(typed)).toThrow()
  for (const typed of ['registry.example.', 'https://REGISTRY.example.:443/', 'registry.example.:443'])
    expect(normaliseEndpoint(typed)).toBe('https://registry.example')
  expect(normaliseEndpoint('registry.example.:5000')).toBe('https://registry.example:5000')
  expect(normaliseEndpoint('regıstry.example')).toMatch(/^https:\/\/xn--/)
})
