import { randomBytes } from 'node:crypto'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { bundleCli, type CliRun, runCli as runFile } from '../support/cli'
import { startTestRegistry, type TestRegistry } from '../support/registry'

const ADMIN = 'open-sesame-1'
const READER = 'look-only-2'
const users = { admin: ADMIN, spectro: READER }

let root: string
let file: string
let plain: TestRegistry
let tls: TestRegistry
let certificate: string
/** host:port of each. */
let plainServer: string
let tlsServer: string

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'packyard-cli-'))
  file = await bundleCli(root)
  // As the openssl line of the guide makes it: the host's name in the subject alone.
  const made = await generate([{ name: 'commonName', value: 'localhost' }], { algorithm: 'sha256' })
  certificate = made.cert
  plain = await startTestRegistry({ users })
  tls = await startTestRegistry({ users, tls: { cert: made.cert, key: made.private } })
  plainServer = `127.0.0.1:${plain.port}`
  tlsServer = `localhost:${tls.port}`
})

afterAll(async () => {
  await Promise.all([plain?.close(), tls?.close()])
  await rm(root, { recursive: true, force: true })
})

const runCli = (home: string, args: string[], input?: string): Promise<CliRun> =>
  runFile(file, home, args, input)

let count = 0
const fresh = (name: string) => path.join(root, `${name}-${++count}`)

/** A home directory with a login. */
async function loggedIn(user: keyof typeof users = 'admin', server = plainServer): Promise<string> {
  const home = fresh('home')
  const login = ['registry', 'login', server, '-i', '--username', user, '--password-stdin']
  expect(await runCli(home, login, users[user])).toMatchObject({ code: 0 })
  return home
}

/** A pack's directory, with a chart, an executable, an empty file and bytes of every kind. */
async function packDirectory(
  name: string,
  version = '1.0.0',
  extra: Record<string, string> = {},
): Promise<string> {
  const dir = fresh(name)
  await mkdir(path.join(dir, 'manifests'), { recursive: true })
  const manifest = { name, displayName: name, version, layer: 'addon', addonType: 'test' }
  const all = {
    'pack.json': JSON.stringify({ ...manifest, kubeManifests: ['manifests/a.yaml'] }, null, 2),
    'values.yaml': `# of ${name}\npack:\n  namespace: "${name}"\n`,
    'README.md': `# ${name}\n`,
    'manifests/a.yaml': '{{ if .Values.on }}\nkind: ConfigMap\n{{ end }}\n',
    'scripts.sh': '#!/bin/sh\n',
    '.hidden': '',
    ...extra,
  }
  for (const [file, content] of Object.entries(all)) await writeFile(path.join(dir, file), content)
  await writeFile(path.join(dir, 'bytes.bin'), Buffer.from(Array.from({ length: 256 }, (_, i) => i)))
  await chmod(path.join(dir, 'scripts.sh'), 0o755)
  return dir
}

/** Every file with its content and whether it is executable. */
async function contents(dir: string): Promise<Record<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name))
  const read = await Promise.all(
    files.map(async (file) => {
      const { mode } = await stat(file)
      const bytes = await readFile(file)
      return [path.relative(dir, file), `${mode & 0o111 ? 'x' : '-'} ${bytes.toString('base64')}`]
    }),
  )
  return Object.fromEntries(read)
}

describe('logins', () => {
  test('a login is proved, kept for its owner alone, and the password is never printed', async () => {
    const home = fresh('home')
    const { code, stdout, stderr } = await runCli(home, [
      'registry',
      'login',
      `http://${plainServer}/v1/`,
      '-i',
      '--username',
      'admin',
      '--password',
      ADMIN,
    ])
    const file = path.join(home, 'config.json')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Login Succeeded\n' })
    expect(stderr).toContain(`WARNING! Your password will be stored unencrypted in ${file}.\n`)
    expect(stderr).toContain('WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n')
    expect(stdout + stderr).not.toContain(ADMIN)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const auth = Buffer.from(`admin:${ADMIN}`).toString('base64')
    expect(JSON.parse(await readFile(file, 'utf8')).auths).toEqual({
      [plainServer]: { auth, insecure: true, http: true },
    })
    const listed = await runCli(home, ['registry', 'ls', '--output', 'json'])
    expect(JSON.parse(listed.stdout).registries).toEqual([
      { server: plainServer, user: 'admin', insecure: true, http: true, default: false },
    ])
    expect(listed.stdout).not.toContain(auth)
    expect(await runCli(home, ['registry', 'logout', plainServer])).toMatchObject({ code: 0 })
    expect(JSON.parse(await readFile(file, 'utf8')).auths).toEqual({})
  })

  test('a wrong password is refused and nothing is saved', async () => {
    const home = fresh('home')
    const login = ['registry', 'login', plainServer, '-i', '--username', 'admin', '--password-stdin']
    const { code, stdout, stderr } = await runCli(home, login, 'wrong-password')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/refused the user name or the password \(401\)/)
    expect(stderr).not.toContain('wrong-password')
    await expect(stat(path.join(home, 'config.json'))).rejects.toThrow('ENOENT')
  })

  test('plain HTTP is never spoken without --insecure', async () => {
    const home = fresh('home')
    const login = (server: string) =>
      runCli(home, ['registry', 'login', server, '--username', 'admin', '--password-stdin'], ADMIN)
    expect(await login(plainServer)).toMatchObject({ code: 1, stderr: expect.stringContaining('--insecure') })
    expect(await login(`http://${plainServer}`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('plain HTTP'),
    })
    await expect(stat(path.join(home, 'config.json'))).rejects.toThrow('ENOENT')
  })

  test('options that contradict one another, and a missing terminal, are wrong use', async () => {
    const home = fresh('home')
    const login = (...args: string[]) =>
      runCli(home, ['registry', 'login', plainServer, '-i', ...args], ADMIN)
    expect(await login('--username', 'a', '--password', 'b', '--password-stdin')).toMatchObject({ code: 2 })
    expect(await login('--password-stdin')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--username'),
    })
    expect(await login()).toMatchObject({ code: 2, stderr: expect.stringContaining('no terminal') })
    expect(await runCli(home, ['pack', 'ls'])).toMatchObject({ code: 2 })
    expect(await runCli(home, ['pack', 'nonsense'])).toMatchObject({ code: 2 })
    expect(await runCli(home, ['pack', 'ls', 'a', 'b'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('but got 2.\n'),
    })
  })

  test('what is not a registry gets to see no password', async () => {
    const heard: string[] = []
    const server = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (bytes) => {
        heard.push(bytes.toString('latin1'))
        const page = '<!doctype html><title>Router</title>'
        socket.end(
          `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${page.length}\r\n\r\n${page}`,
        )
      })
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const { port } = server.address() as net.AddressInfo
    const login = ['registry', 'login', `127.0.0.1:${port}`, '-i', '--username', 'admin', '--password-stdin']
    const { code, stderr } = await runCli(fresh('home'), login, ADMIN)
    server.close()
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('a web page') })
    expect(heard.join('')).toContain('GET /v1/')
    expect(heard.join('')).not.toMatch(/authorization/i)
  })
})

describe('certificates', () => {
  const login = (home: string, ...more: string[]) =>
    runCli(home, ['registry', 'login', tlsServer, '--username', 'admin', '--password-stdin', ...more], ADMIN)

  test('one that nobody vouches for is refused, with what to do', async () => {
    const { code, stderr } = await login(fresh('home'))
    expect(code).toBe(1)
    expect(stderr).toContain('x509: certificate signed by unknown authority')
    expect(stderr).toContain(`/etc/spectro/certs.d/${tlsServer}/ca.crt`)
  })

  test('one in certs.d is trusted, for its server only', async () => {
    const home = fresh('home')
    const trust = async (server: string) => {
      await mkdir(path.join(home, 'certs.d', server), { recursive: true })
      await writeFile(path.join(home, 'certs.d', server, 'ca.crt'), certificate)
    }
    await trust('localhost:1')
    expect(await login(home)).toMatchObject({ code: 1 })
    await trust(tlsServer)
    expect(await login(home)).toMatchObject({ code: 0, stdout: 'Login Succeeded\n' })
    const dir = await packDirectory('trusted')
    expect(await runCli(home, ['pack', 'push', dir])).toMatchObject({ code: 0 })
    await rm(path.join(home, 'certs.d', tlsServer), { recursive: true })
    const refused = await runCli(home, ['pack', 'ls', '-o', 'json'])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(JSON.parse(refused.stderr).error.code).toBe('untrusted_certificate')
  })

  test('--insecure accepts any, and says so', async () => {
    const home = fresh('home')
    expect(await login(home, '--insecure')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('is not verified'),
    })
    const dir = await packDirectory('unverified')
    expect(await runCli(home, ['pack', 'push', dir])).toMatchObject({ code: 0 })
    const out = fresh('out')
    expect(await runCli(home, ['pack', 'pull', 'unverified:1.0.0', out])).toMatchObject({ code: 0 })
    expect(await contents(out)).toEqual(await contents(dir))
  })
})

describe('packs', () => {
  test('what is pushed is listed, and pulled byte for byte', async () => {
    const home = await loggedIn()
    const dir = await packDirectory('round-trip', '1.33.9')
    const pushed = await runCli(home, ['pack', 'push', `${dir}/`, '-r', plainServer, '-o', 'json'])
    expect(pushed).toMatchObject({ code: 0, stderr: '' })
    const { digest, status } = JSON.parse(pushed.stdout)
    expect(status).toBe('pushed')

    const listed = await runCli(home, ['pack', 'ls', '-n', 'round-trip', '--output=json'])
    expect(JSON.parse(listed.stdout).packs).toEqual([
      { name: 'round-trip', version: '1.33.9', digest, tags: ['1.33.9', '1.33.x', '1.x'] },
    ])
    const text = await runCli(home, ['pack', 'ls', plainServer, '-n', 'round-trip'])
    expect(text.stdout.split('\n')[1]).toMatch(/^round-trip {2}1\.33\.9 {3}1\.33\.x, 1\.x {2}sha256:/)

    for (const reference of ['round-trip', 'round-trip:1.33.9', 'round-trip:1.x', `round-trip@${digest}`]) {
      const out = fresh('out')
      expect(await runCli(home, ['pack', 'pull', reference, out])).toMatchObject({ code: 0 })
      expect(await contents(out)).toEqual(await contents(dir))
    }
  })

  test('without a tag the newest version is pulled, by number', async () => {
    const home = await loggedIn()
    for (const version of ['1.9.0', '1.10.0']) {
      const dir = await packDirectory('newest', version)
      expect(await runCli(home, ['pack', 'push', dir])).toMatchObject({ code: 0 })
    }
    const pulled = await runCli(home, ['pack', 'pull', 'newest', fresh('out'), '-o', 'json'])
    expect(JSON.parse(pulled.stdout).reference).toBe('1.10.0')
  })

  test('the same content again is unchanged, other content is refused unless forced with a message', async () => {
    const home = await loggedIn()
    const dir = await packDirectory('immutable')
    const push = (...more: string[]) => runCli(home, ['pack', 'push', dir, ...more])
    expect(await push()).toMatchObject({ code: 0, stdout: expect.stringContaining('Pushed immutable:1.0.0') })
    expect(await push()).toMatchObject({ code: 0, stdout: expect.stringContaining('unchanged') })
    await writeFile(path.join(dir, 'README.md'), '# Changed\n')
    expect(await push()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('--force --message'),
    })
    expect(await push('--force')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('needs --message'),
    })
    const forced = await push('--force', '--message', 'Mended for Zoë', '-o', 'json')
    expect(forced).toMatchObject({ code: 0 })
    // Of four parts only the README is new.
    expect(JSON.parse(forced.stdout)).toMatchObject({ status: 'replaced', sentBytes: '# Changed\n'.length })
    const out = fresh('out')
    expect(await runCli(home, ['pack', 'pull', 'immutable:1.0.0', out])).toMatchObject({ code: 0 })
    expect(await contents(out)).toEqual(await contents(dir))
  })

  test('a user who may only read pulls and does not push', async () => {
    const dir = await packDirectory('guarded')
    expect(await runCli(await loggedIn(), ['pack', 'push', dir])).toMatchObject({ code: 0 })
    const home = await loggedIn('spectro')
    expect(await runCli(home, ['pack', 'pull', 'guarded:1.0.0', fresh('out')])).toMatchObject({ code: 0 })
    const refused = await runCli(home, [
      'pack',
      'push',
      await packDirectory('guarded', '2.0.0'),
      '-o',
      'json',
    ])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(JSON.parse(refused.stderr).error).toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('user spectro'),
    })
  })

  test('a pack with errors is refused before anything is sent, with file and reason', async () => {
    const home = await loggedIn()
    const dir = await packDirectory('broken')
    await rm(path.join(dir, 'manifests/a.yaml'))
    const { code, stderr } = await runCli(home, ['pack', 'push', dir])
    expect(code).toBe(1)
    expect(stderr).toContain(
      'error manifests/a.yaml: pack.json lists it under kubeManifests, and it is missing.',
    )
    await symlink('/etc/passwd', path.join(dir, 'manifests/a.yaml'))
    expect(await runCli(home, ['pack', 'lint', dir])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('error manifests/a.yaml: Is a symbolic link'),
    })
    const listed = await runCli(home, ['pack', 'ls', '-n', 'broken', '-o', 'json'])
    expect(JSON.parse(listed.stdout).packs).toEqual([])
  })

  test('a pack with warnings is pushed, and they are said', async () => {
    const home = await loggedIn()
    const dir = await packDirectory('warned', '1.0.0', { 'logo.png': '\u00ff' })
    const { code, stderr } = await runCli(home, ['pack', 'push', dir])
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('warning logo.png: ') })
  })

  test('a pull goes to an empty directory only, unless forced, and through no link', async () => {
    const home = await loggedIn()
    expect(await runCli(home, ['pack', 'push', await packDirectory('careful')])).toMatchObject({ code: 0 })
    const [out, outside] = [fresh('out'), fresh('outside')]
    await mkdir(out)
    await mkdir(outside)
    await symlink(outside, path.join(out, 'manifests'))
    const pull = (...more: string[]) => runCli(home, ['pack', 'pull', 'careful:1.0.0', out, ...more])
    expect(await pull()).toMatchObject({ code: 2, stderr: expect.stringContaining('is not empty') })
    expect(await pull('--force')).toMatchObject({ code: 1, stderr: expect.stringContaining('in the way') })
    expect(await readdir(outside)).toEqual([])
    await rm(path.join(out, 'manifests'))
    await writeFile(path.join(out, 'mine'), 'stays')
    expect(await pull('--force')).toMatchObject({ code: 0 })
    expect(await readFile(path.join(out, 'mine'), 'utf8')).toBe('stays')
    expect(await runCli(home, ['pack', 'pull', 'careful:9.9.9', fresh('out')])).toMatchObject({ code: 1 })
    expect(await runCli(home, ['pack', 'pull', '../careful', fresh('out')])).toMatchObject({ code: 2 })
  })

  test('an upload that breaks in the middle goes on where it was', async () => {
    const dir = await packDirectory('large')
    await writeFile(path.join(dir, 'large.bin'), randomBytes(20 * 1024 * 1024))
    const line = await breakingLine(plain.port, 12 * 1024 * 1024)
    const home = await loggedIn('admin', `127.0.0.1:${line.port}`)
    const pushed = await runCli(home, ['pack', 'push', dir, '-o', 'json'])
    line.close()
    expect(pushed).toMatchObject({ code: 0 })
    expect(line.broken()).toBe(1)
    // One piece at most went twice.
    expect(line.passed()).toBeLessThan(29 * 1024 * 1024)
    const out = fresh('out')
    expect(await runCli(await loggedIn(), ['pack', 'pull', 'large', out])).toMatchObject({ code: 0 })
    expect(await contents(out)).toEqual(await contents(dir))
  })

  test('a registry without sign-in takes packs without a name', async () => {
    const open = await startTestRegistry()
    try {
      const home = fresh('home')
      const server = `127.0.0.1:${open.port}`
      expect(await runCli(home, ['registry', 'login', server, '-i'])).toMatchObject({ code: 0 })
      const dir = await packDirectory('open')
      await cp(path.join(dir, 'README.md'), path.join(dir, 'COPY.md'))
      expect(await runCli(home, ['pack', 'push', dir])).toMatchObject({ code: 0 })
    } finally {
      await open.close()
    }
  })
})

/** A line to a server that breaks once, after so many bytes went up. */
async function breakingLine(port: number, afterBytes: number) {
  let passed = 0
  let broken = 0
  const server = net.createServer((client) => {
    const upstream = net.connect(port, '127.0.0.1')
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    client.on('error', end).on('close', end)
    upstream.on('error', end).on('close', end)
    upstream.pipe(client)
    client.on('data', (chunk) => {
      passed += chunk.length
      if (broken === 0 && passed > afterBytes) {
        broken++
        return end()
      }
      if (!upstream.write(chunk)) {
        client.pause()
        upstream.once('drain', () => client.resume())
      }
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address() as net.AddressInfo
  return { port: address.port, passed: () => passed, broken: () => broken, close: () => server.close() }
}

describe('tags', () => {
  const runJson = async (home: string, ...args: string[]) => {
    const { code, stdout, stderr } = await runCli(home, [...args, '-o', 'json'])
    return { code, said: JSON.parse(stdout || stderr) }
  }

  test('a version gets another tag, which moves, and goes without the version', async () => {
    const home = await loggedIn()
    for (const version of ['1.0.0', '1.1.0'])
      expect(await runCli(home, ['pack', 'push', await packDirectory('tagged', version)])).toMatchObject({
        code: 0,
      })
    const tag = (...args: string[]) => runJson(home, 'pack', 'tag', ...args)
    const digest = async (reference: string) =>
      (await runJson(home, 'pack', 'pull', reference, fresh('pulled'))).said.digest
    expect((await tag('add', 'tagged:1.0.0', 'stable')).said.status).toBe('added')
    expect((await tag('add', 'tagged:1.1.0', 'stable')).said.status).toBe('moved')
    expect((await tag('add', 'tagged:1.1.0', 'stable')).said.status).toBe('unchanged')
    expect(await digest('tagged:stable')).toBe(await digest('tagged:1.1.0'))
    expect((await tag('add', 'tagged:1.1.0', 'beta', '-g', 'lts')).said.tag).toBe('lts__beta')
    expect(await tag('add', 'tagged:1.1.0', '1.0.0')).toMatchObject({
      code: 1,
      said: { error: { code: 'conflict' } },
    })
    expect(await tag('add', 'tagged:1.1.0', '1.x')).toMatchObject({ code: 2 })
    expect(await tag('delete', 'tagged:stable')).toMatchObject({ code: 0 })
    expect(await tag('delete', 'tagged:stable')).toMatchObject({
      code: 1,
      said: { error: { code: 'not_found' } },
    })
    expect(await tag('delete', 'tagged:1.x')).toMatchObject({ code: 1 })
    expect(await digest('tagged:1.1.0')).toMatch(/^sha256:/)
  })

  test('a version that is removed is in no list, and its tracks go to the one before', async () => {
    const home = await loggedIn()
    for (const version of ['2.0.0', '2.0.1'])
      await runCli(home, ['pack', 'push', await packDirectory('removed', version)])
    expect(await runCli(home, ['pack', 'rm', 'removed'])).toMatchObject({ code: 2 })
    const { code, stdout } = await runCli(home, ['pack', 'rm', 'removed:2.0.1'])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Deleted removed:2\.0\.1 on .*\n.*removed@sha256:[0-9a-f]{64}\n$/),
    })
    expect((await runCli(home, ['pack', 'ls', '-n', 'removed'])).stdout).not.toContain('2.0.1')
    const dir = fresh('pulled')
    expect(await runCli(home, ['pack', 'pull', 'removed:2.x', dir])).toMatchObject({ code: 0 })
    expect(JSON.parse(await readFile(path.join(dir, 'pack.json'), 'utf8')).version).toBe('2.0.0')
  })
})

describe('new packs', () => {
  test.each(['manifest', 'chart', 'os', 'k8s'])(
    'what begins as %s is sound, and can be pushed',
    async (template) => {
      const home = await loggedIn()
      const dir = path.join(root, `begun-${template}-1.2.0`)
      expect(
        await runCli(home, ['pack', 'init', dir, '-t', template, '--pack-version', '1.2.0']),
      ).toMatchObject({ code: 0 })
      const lint = await runCli(home, ['pack', 'lint', dir])
      expect({ code: lint.code, errors: /error/.test(lint.stderr) }).toEqual({ code: 0, errors: false })
      const push = await runCli(home, ['pack', 'push', dir])
      expect({ code: push.code, stdout: push.stdout }).toEqual({
        code: 0,
        stdout: expect.stringContaining(`Pushed begun-${template}:1.2.0`),
      })
      expect(await runCli(home, ['pack', 'init', dir])).toMatchObject({ code: 2 })
    },
  )
})
