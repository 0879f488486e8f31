import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { get, type RequestOptions } from 'node:https'
import path from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

import { generate } from 'selfsigned'
import { expect, onTestFinished, test } from 'vitest'

import { htpasswdLine, runRegistry, startRegistryProcess, variablesFor } from '../support/registry-process'
import { temporaryDirectoryOfTest } from '../support/temporary-directory'

const run = promisify(execFile)
const has = (program: string) => !spawnSync(program, ['--version'], { stdio: 'ignore' }).error

/** Who each line of the document needs; where a program is missing, its line cannot be tried. */
const [hasOpenssl, hasHtpasswd, hasCurl, hasSkopeo] = ['openssl', 'htpasswd', 'curl', 'skopeo'].map(has)

async function makeHtpasswd(file: string) {
  const line = hasHtpasswd
    ? (await run('htpasswd', ['-Bbn', 'admin', 'admin'])).stdout
    : htpasswdLine('admin', 'admin')
  await writeFile(file, line)
}

/** The document's openssl line, its questions answered: no subject alternative name. */
async function makeCertificate(directory: string) {
  if (hasOpenssl) {
    const line =
      'req -newkey rsa:4096 -nodes -sha256 -keyout tls.key -x509 -days 365 -out tls.crt -subj /CN=localhost'
    await run('openssl', line.split(' '), { cwd: directory })
    return
  }
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
  })
  await writeFile(path.join(directory, 'tls.crt'), cert)
  await writeFile(path.join(directory, 'tls.key'), key)
}

async function startAsInTheDocument({ tls }: { tls: boolean }) {
  const directory = await temporaryDirectoryOfTest()
  await makeHtpasswd(path.join(directory, 'htpasswd-basic'))
  if (tls) await makeCertificate(directory)
  const registry = await startRegistryProcess({
    REGISTRY_LOG_LEVEL: 'info',
    REGISTRY_AUTH: 'htpasswd',
    REGISTRY_AUTH_HTPASSWD_REALM: 'Registry Realm',
    REGISTRY_AUTH_HTPASSWD_PATH: path.join(directory, 'htpasswd-basic'),
    ...(tls && {
      REGISTRY_HTTP_TLS_CERTIFICATE: path.join(directory, 'tls.crt'),
      REGISTRY_HTTP_TLS_KEY: path.join(directory, 'tls.key'),
    }),
    REGISTRY_HTTP_ADDR: 'localhost:0',
    REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: path.join(directory, 'data'),
  })
  onTestFinished(async () => void (await registry.end()))
  return { directory, registry }
}

test.runIf(hasCurl)("the document's lines for HTTPS end in a 200", async () => {
  const { directory, registry } = await startAsInTheDocument({ tls: true })
  expect(registry.url).toMatch(/^https:\/\/localhost:/)
  const curl = (...args: string[]) => run('curl', ['--cacert', 'tls.crt', '-v', ...args], { cwd: directory })
  const health = await curl(`${registry.url}/health`)
  expect(health.stderr).toMatch(/< HTTP\/1\.1 200/)
  expect(health.stdout).toBe('{"status":"UP"}')
  const catalog = await curl('-u', 'admin:admin', `${registry.url}/v1/_catalog`)
  expect(catalog.stderr).toMatch(/< HTTP\/1\.1 200/)
  expect(catalog.stdout).toBe('{"repositories":[]}')
  const stranger = await curl(`${registry.url}/v1/_catalog`)
  expect(stranger.stderr).toMatch(/< HTTP\/1\.1 401/)
  expect(stranger.stderr).toMatch(/< www-authenticate: Basic realm="Registry Realm"/i)
  expect(registry.log()).toContain('has no subject alternative name')
})

test.runIf(hasCurl)('curl does not trust the certificate without being told', async () => {
  const { registry } = await startAsInTheDocument({ tls: true })
  await expect(run('curl', ['-sS', `${registry.url}/health`])).rejects.toThrow(/self.signed certificate/)
})

test.runIf(hasCurl)("the document's lines for HTTP end in a 200", async () => {
  const { registry } = await startAsInTheDocument({ tls: false })
  expect((await run('curl', ['-v', `${registry.url}/health`])).stderr).toMatch(/< HTTP\/1\.1 200/)
  const catalog = await run('curl', ['-v', '-u', 'admin:admin', `${registry.url}/v1/_catalog`])
  expect(catalog.stderr).toMatch(/< HTTP\/1\.1 200/)
})

test('a user that is added to the file is let in without a new start, and may read only', async () => {
  const { directory, registry } = await startAsInTheDocument({ tls: false })
  const file = path.join(directory, 'htpasswd-basic')
  const headers = { authorization: `Basic ${Buffer.from('spectro:pw').toString('base64')}` }
  expect((await fetch(`${registry.url}/v1/`, { headers })).status).toBe(401)
  await writeFile(file, (await readFile(file, 'utf8')) + htpasswdLine('spectro', 'pw'))
  expect((await fetch(`${registry.url}/v1/`, { headers })).status).toBe(200)
  const push = await fetch(`${registry.url}/v1/demo/blobs/uploads/`, { method: 'POST', headers })
  expect(push.status).toBe(403)
})

test('without an auth section everybody may read and push, and the log warns', async () => {
  const directory = await temporaryDirectoryOfTest()
  const config = path.join(directory, 'config.yml')
  await writeFile(
    config,
    `version: 0.1\nstorage: {filesystem: {rootdirectory: ${directory}/data}}\nhttp: {addr: "127.0.0.1:0"}\n`,
  )
  const registry = await startRegistryProcess({}, [config])
  onTestFinished(async () => void (await registry.end()))
  expect((await fetch(`${registry.url}/v1/demo/blobs/uploads/`, { method: 'POST' })).status).toBe(202)
  expect(registry.log()).toMatch(/"level":40.*everybody may read and push/)
})

test('a port that is taken is named with its setting, and the program ends with 1', async () => {
  const { registry } = await startAsInTheDocument({ tls: false })
  const variables = await variablesFor(await temporaryDirectoryOfTest(), null)
  const address = `localhost:${new URL(registry.url).port}`
  const { code, stderr } = await runRegistry(['serve'], { ...variables, REGISTRY_HTTP_ADDR: address })
  expect(code).toBe(1)
  expect(stderr).toContain(
    `Cannot listen on ${address}: another program listens there. Set another address with http.addr (REGISTRY_HTTP_ADDR).\n`,
  )
})

test('a key that does not belong to the certificate stops the start in words', async () => {
  const [one, other] = [await temporaryDirectoryOfTest(), await temporaryDirectoryOfTest()]
  await Promise.all([makeCertificate(one), makeCertificate(other)])
  const { code, stderr } = await runRegistry(['serve'], {
    ...(await variablesFor(one, null)),
    REGISTRY_HTTP_TLS_CERTIFICATE: path.join(one, 'tls.crt'),
    REGISTRY_HTTP_TLS_KEY: path.join(other, 'tls.key'),
  })
  expect(code).toBe(1)
  expect(stderr).toMatch(/cannot be used: .*REGISTRY_HTTP_TLS_KEY/)
})

test('with clientcas and minimumtls, only a client with a certificate and TLS 1.3 is spoken to', async () => {
  const [directory, client] = [await temporaryDirectoryOfTest(), await temporaryDirectoryOfTest()]
  await Promise.all([makeCertificate(directory), makeCertificate(client)])
  const registry = await startRegistryProcess({
    ...(await variablesFor(directory, null)),
    REGISTRY_HTTP_ADDR: 'localhost:0',
    REGISTRY_HTTP_TLS_CERTIFICATE: path.join(directory, 'tls.crt'),
    REGISTRY_HTTP_TLS_KEY: path.join(directory, 'tls.key'),
    REGISTRY_HTTP_TLS_CLIENTCAS_0: path.join(client, 'tls.crt'),
    REGISTRY_HTTP_TLS_MINIMUMTLS: 'tls1.3',
  })
  onTestFinished(async () => void (await registry.end()))
  const ca = await readFile(path.join(directory, 'tls.crt'))
  const identity = {
    cert: await readFile(path.join(client, 'tls.crt')),
    key: await readFile(path.join(client, 'tls.key')),
  }
  const ask = (options: RequestOptions) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = get(`${registry.url}/health`, { ca, agent: false, ...options }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      request.on('error', reject)
    })
  expect(await ask(identity)).toBe(200)
  await expect(ask({})).rejects.toThrow(/certificate required|ECONNRESET|socket hang up/i)
  await expect(ask({ ...identity, maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/i)
})

test('--version and --help tell, and anything else is answered with the usage and 2', async () => {
  expect((await runRegistry(['--version'])).stdout).toMatch(/^packyard-registry \d+\.\d+\.\d+\n$/)
  expect((await runRegistry(['--help'])).stdout).toContain('packyard-registry serve [CONFIG]')
  const { code, stderr } = await runRegistry(['start'])
  expect([code, stderr]).toEqual([2, expect.stringContaining('Not understood: start')])
})

test.runIf(hasSkopeo)('skopeo copies an image in and out, under /v2', async () => {
  const { directory, registry } = await startAsInTheDocument({ tls: false })
  const image = path.join(directory, 'image')
  await writeImage(image)
  const target = `docker://${new URL(registry.url).host}/team/image:1.0.0`
  const login = ['admin:admin']
  await run('skopeo', [
    'copy',
    '--dest-creds',
    ...login,
    '--dest-tls-verify=false',
    `oci:${image}:v1`,
    target,
  ])
  const back = path.join(directory, 'back')
  await run('skopeo', ['copy', '--src-creds', ...login, '--src-tls-verify=false', target, `oci:${back}:v1`])
  const blobs = (from: string) => readdir(path.join(from, 'blobs/sha256'))
  expect((await blobs(back)).sort()).toEqual((await blobs(image)).sort())
  const { stdout } = await run('skopeo', [
    'list-tags',
    '--creds',
    ...login,
    '--tls-verify=false',
    target.replace(/:1\.0\.0$/, ''),
  ])
  expect(JSON.parse(stdout).Tags).toEqual(['1.0.0'])
  // Its tag moves: it is no pack.
  await writeImage(image, 'changed')
  await run('skopeo', [
    'copy',
    '--dest-creds',
    ...login,
    '--dest-tls-verify=false',
    `oci:${image}:v1`,
    target,
  ])
  await run('skopeo', ['delete', '--creds', ...login, '--tls-verify=false', target])
})

/** An image of one layer as a layout on the disk. */
async function writeImage(directory: string, content = 'hello') {
  const blobs = path.join(directory, 'blobs/sha256')
  await mkdir(blobs, { recursive: true })
  const put = async (bytes: Buffer | string, mediaType: string) => {
    const hex = createHash('sha256').update(bytes).digest('hex')
    await writeFile(path.join(blobs, hex), bytes)
    return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(bytes) }
  }
  const tar = Buffer.alloc(10_240)
  tar.write(content)
  const layer = await put(gzipSync(tar), 'application/vnd.oci.image.layer.v1.tar+gzip')
  const diff = `sha256:${createHash('sha256').update(tar).digest('hex')}`
  const config = await put(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [diff] },
    }),
    'application/vnd.oci.image.config.v1+json',
  )
  const manifest = await put(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config,
      layers: [layer],
    }),
    'application/vnd.oci.image.manifest.v1+json',
  )
  const annotations = { 'org.opencontainers.image.ref.name': 'v1' }
  await writeFile(path.join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await writeFile(
    path.join(directory, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }),
  )
}
