import { expect, type Page, test } from '@playwright/test'

import { makeCertificate, type TestCertificate } from '../support/certificates'
import { packChart, startChartRepository } from '../support/chart-repository'
import { deletePack, pushPack } from '../support/packs'
import { startTestRegistry, type TestRegistry } from '../support/registry'
import { closedPort, startWeb, type TestServer } from '../support/servers'
import { expectAccessible } from './accessible'
import {
  act,
  addRegistry,
  confirm,
  deleteRegistry,
  type Entered,
  fill,
  LIST,
  row,
  SYNC,
} from './registry-list'

const USERS = { admin: 'a good password', ci: 'another password' }

let registry: TestRegistry
let secure: TestRegistry
let web: TestServer
let certificate: TestCertificate
/** Names of registries that a test adds, deleted after it. */
const added: string[] = []

test.beforeAll(async () => {
  certificate = await makeCertificate('localhost', { names: ['localhost', '127.0.0.1'] })
  registry = await startTestRegistry({ users: USERS })
  secure = await startTestRegistry({ users: USERS, tls: certificate })
  web = await startWeb((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>Welcome</title>')
  })
})

test.afterAll(async () => {
  await registry.close()
  await secure.close()
  await web.close()
})

test.afterEach(async ({ page }) => {
  for (const name of added.splice(0)) await deleteRegistry(page, name)
})

/** Adds a registry that is deleted after the test. */
async function add(page: Page, entered: Entered): Promise<void> {
  added.push(entered.name)
  await addRegistry(page, entered)
}

const step = (page: Page, name: string, status: string) =>
  page.getByRole('list', { name: 'Connection test' }).getByRole('listitem', { name: `${name}: ${status}` })

/** The test failed at this step, said so, and nothing was saved. */
async function expectRefused(page: Page, at: string, words: RegExp, name: string): Promise<void> {
  await expect(step(page, at, 'Failed')).toContainText(words)
  await expect(page.getByRole('status').filter({ hasText: `Failed at ${at}` })).toBeVisible()
  await expect(page.getByRole('alert').filter({ hasText: 'Not saved' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save paused' })).toBeVisible()
  await page.goto(LIST)
  await expect(page.getByRole('table', { name: 'Pack registries' })).toBeVisible()
  await expect(row(page, name)).toHaveCount(0)
}

test('a wrong password fails at the credentials and saves nothing', async ({ page }) => {
  const name = 'Refused password'
  await fill(page, { name, endpoint: registry.url, user: 'admin', password: 'not it' })
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(step(page, 'Pack registry', 'Passed')).toBeVisible()
  await expect(step(page, 'Credentials', 'Failed')).toContainText('refused the credentials')
  await expect(step(page, 'Catalog readable', 'Not reached')).toBeVisible()
  await confirm(page)
  await expectRefused(page, 'Credentials', /Check user name and password/, name)
})

test('a host that nobody knows fails at its name and saves nothing', async ({ page }) => {
  const name = 'Wrong host'
  await fill(page, { name, endpoint: 'packs.nowhere.invalid', user: 'admin', password: 'x' })
  await confirm(page)
  await expectRefused(page, 'Name resolved', /What to do/, name)
})

test('a port on which nothing listens fails at the connection and saves nothing', async ({ page }) => {
  const name = 'Closed port'
  await fill(page, { name, endpoint: `http://127.0.0.1:${await closedPort()}` })
  await confirm(page)
  await expectRefused(page, 'TCP connection', /refused the connection/, name)
})

test('a web page is no pack registry and is not saved', async ({ page }) => {
  const name = 'Web page'
  await fill(page, { name, endpoint: `http://127.0.0.1:${web.port}` })
  await confirm(page)
  await expectRefused(page, 'Pack registry', /not a pack registry: it answered with a web page/, name)
})

test('a registry of another kind is told, and one press switches the form to it', async ({ page }) => {
  const images = await startWeb((request, response) => {
    response.statusCode = request.url === '/v2/' ? 200 : 404
    response.setHeader('docker-distribution-api-version', 'registry/2.0')
    response.setHeader('content-type', 'application/json')
    response.end('{}')
  })
  await fill(page, { name: 'Images', endpoint: `http://127.0.0.1:${images.port}` })
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(step(page, 'Pack registry', 'Failed')).toContainText('under /v2/ and not under /v1/')
  await page.getByRole('button', { name: 'Switch kind to OCI registry' }).click()
  await expect(page.getByLabel('Kind', { exact: true })).toHaveValue('oci')
  await expect(step(page, 'OCI registry', 'Passed')).toBeVisible()
  await images.close()
})

test('a certificate that nobody trusts fails at TLS and saves nothing', async ({ page }) => {
  const name = 'Untrusted'
  await fill(page, {
    name,
    endpoint: `https://localhost:${secure.port}`,
    user: 'admin',
    password: USERS.admin,
  })
  await confirm(page)
  await expect(page.getByRole('list', { name: 'Certificates' })).toContainText('localhost, 127.0.0.1')
  await expectRefused(page, 'TLS', /certificate/, name)
})

test('a certificate can be trusted where it is shown; an empty registry is healthy and says how to push', async ({
  page,
}) => {
  const name = 'Own certificate'
  await fill(page, { name, endpoint: `localhost:${secure.port}`, user: 'admin', password: USERS.admin })
  await page.getByLabel('Sync every').selectOption('1 minute')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByRole('button', { name: 'Trust this certificate' }).click()
  await expect(page.getByRole('textbox', { name: 'CA certificate' })).toHaveValue(
    /^-----BEGIN CERTIFICATE-----/,
  )
  await expect(step(page, 'TLS', 'Passed')).toBeVisible()
  await expect(step(page, 'One pack readable', 'Passed')).toContainText('packyard pack push DIR')
  await confirm(page)
  await expect(page).toHaveURL(LIST)
  added.push(name)
  await expect(row(page, name)).toContainText(`https://localhost:${secure.port}`)
  await expect(row(page, name).getByText('Healthy')).toBeVisible(SYNC)
  await expect(row(page, name)).toContainText(`packyard pack push DIR -r localhost:${secure.port}`)
  await expect(row(page, name).getByRole('cell', { name: /^Packs\s*0$/ })).toBeVisible()
})

test('a certificate file can be uploaded instead', async ({ page }) => {
  const name = 'Uploaded certificate'
  await fill(page, { name, endpoint: `https://127.0.0.1:${secure.port}`, user: 'ci', password: USERS.ci })
  await page.getByLabel(/^Upload a file of the CA/).setInputFiles({
    name: 'tls.crt',
    mimeType: 'application/x-x509-ca-cert',
    buffer: Buffer.from(certificate.cert),
  })
  await expect(page.getByText('1 certificate, trusted for this registry alone.')).toBeVisible()
  await confirm(page)
  await expect(page).toHaveURL(LIST)
  added.push(name)
  await expect(row(page, name).getByText('Healthy')).toBeVisible(SYNC)
})

test('Insecure skip TLS verify warns, in the form and in the test', async ({ page }) => {
  await fill(page, {
    name: 'Insecure',
    endpoint: `https://127.0.0.1:${secure.port}`,
    user: 'ci',
    password: USERS.ci,
  })
  await page.getByLabel('Insecure skip TLS verify').check()
  await expect(page.getByText('Nobody checks who answers')).toBeVisible()
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(step(page, 'TLS', 'Passed, with a warning')).toContainText('not verified')
  await expect(step(page, 'Credentials', 'Passed')).toBeVisible()
})

test('a registry that fails its test can be saved paused, and synced once it is mended', async ({ page }) => {
  const name = 'Saved paused'
  await fill(page, { name, endpoint: registry.url, user: 'admin', password: 'not it' })
  await confirm(page)
  await page.getByRole('button', { name: 'Save paused' }).click()
  await expect(page).toHaveURL(LIST)
  added.push(name)
  await expect(row(page, name).getByText('Paused', { exact: true })).toBeVisible()
  await expect(row(page, name)).toContainText('It was never synced. Resume it, and it syncs at once.')
  await act(page, name, 'Edit')
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
  await expect(page.getByText('Stored. Leave empty to keep it.')).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill(USERS.admin)
  await page.getByLabel('Paused').uncheck()
  await confirm(page)
  await expect(page).toHaveURL(LIST)
  await expect(row(page, name).getByText('Healthy')).toBeVisible(SYNC)
})

test('wrong entries are told at their fields before anything is sent', async ({ page }) => {
  await fill(page, { name: '', endpoint: '', password: 'x' })
  await page.getByRole('textbox', { name: 'CA certificate' }).fill('no certificate')
  await confirm(page)
  await expect(page.getByLabel('Name', { exact: true })).toHaveAccessibleDescription(/Enter a name/)
  await expect(page.getByLabel('Endpoint', { exact: true })).toHaveAccessibleDescription(/Enter the address/)
  await expect(page.getByLabel('User name', { exact: true })).toHaveAccessibleDescription(
    /Enter the user name/,
  )
  await expect(page.getByRole('textbox', { name: 'CA certificate' })).toHaveAccessibleDescription(
    /BEGIN CERTIFICATE/,
  )
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused()
})

test('what the API refuses is told at its field', async ({ page }) => {
  const name = 'Taken name'
  await add(page, { name, endpoint: registry.url, user: 'ci', password: USERS.ci })
  await fill(page, { name, endpoint: registry.url, user: 'ci', password: USERS.ci })
  await confirm(page)
  await expect(page.getByLabel('Name', { exact: true })).toHaveAccessibleDescription(/Already taken/)
  await page.getByLabel('Endpoint', { exact: true }).fill('https://user:secret@packs.example.com')
  await confirm(page)
  await expect(page.getByLabel('Endpoint', { exact: true })).toHaveAccessibleDescription(
    /fields of their own/,
  )
})

test('edit keeps the stored password, and asks for it again at another address', async ({ page }) => {
  const name = 'Edited'
  await add(page, { name, endpoint: registry.url, user: 'ci', password: USERS.ci })
  await act(page, name, 'Edit')
  await page.getByLabel('Sync every').selectOption('2 hours')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(step(page, 'Credentials', 'Passed')).toBeVisible()
  await confirm(page)
  await expect(page).toHaveURL(LIST)
  await page.getByRole('link', { name, exact: true }).click()
  await expect(page.getByText('Next sync, every 2 hours')).toBeVisible()

  await page.getByRole('button', { name: 'Edit' }).click()
  const elsewhere = `http://localhost:${registry.port}`
  await page.getByLabel('Endpoint', { exact: true }).fill(elsewhere)
  await expect(page.getByText('Stored. Leave empty to keep it.')).toHaveCount(0)
  await confirm(page)
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/Enter it again/)
  await page.getByLabel('Password', { exact: true }).fill(USERS.ci)
  await confirm(page)
  await expect(page).toHaveURL(LIST)
  await expect(row(page, name)).toContainText(elsewhere)
})

test('pause, resume and Sync now do what they say, and new packs arrive', async ({ page }) => {
  const name = 'Worked on'
  const target = { url: registry.url, user: 'admin', password: USERS.admin }
  await add(page, { name, endpoint: registry.url, user: 'ci', password: USERS.ci })
  await act(page, name, 'Pause')
  await expect(row(page, name).getByText('Paused', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  await expect(page.getByRole('menuitem', { name: 'Sync now' })).toBeDisabled()
  await page.keyboard.press('Escape')
  await act(page, name, 'Resume')
  await expect(row(page, name).getByText('Healthy')).toBeVisible(SYNC)

  const first = await pushPack(target, { name: 'worked-on', version: '1.0.0' })
  const second = await pushPack(target, { name: 'worked-on', version: '1.1.0' })
  await act(page, name, 'Sync now')
  await expect(row(page, name).getByRole('cell', { name: /^Packs\s*1$/ })).toBeVisible(SYNC)
  await expect(row(page, name).getByRole('cell', { name: /^Versions\s*2$/ })).toBeVisible(SYNC)

  await page.getByRole('link', { name, exact: true }).click()
  await expect(page.getByRole('list', { name: 'Packs of this registry' })).toContainText('worked-on')
  const runs = page.getByRole('table').filter({ hasText: 'Trigger' })
  await expect(runs.getByRole('row', { name: /Sync now by .* Completed/ }).first()).toBeVisible()
  await page.getByRole('link', { name: 'See it in the catalog' }).click()
  await expect(page).toHaveURL(/\/packs\?registry=/)
  await expect(page.getByRole('link', { name: 'worked-on' })).toBeVisible()
  for (const digest of [first, second]) await deletePack(target, 'worked-on', digest)
})

test('a registry that stops answering says why on its row, and its page shows since when', async ({
  page,
}) => {
  const name = 'Goes away'
  const gone = await startTestRegistry()
  await add(page, { name, endpoint: gone.url })
  await gone.close()
  await act(page, name, 'Sync now')
  await expect(row(page, name).getByText('Failing', { exact: true })).toBeVisible(SYNC)
  await expect(row(page, name)).toContainText('refused the connection')
  await expect(row(page, name)).toContainText('Check the port, and that the registry is running.')
  await page.goto(`${LIST}?state=failing&q=goes`)
  await expect(page.getByRole('button', { name: /^Failing/ })).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.getByRole('link', { name, exact: true }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'It began' })).toContainText(
    'refused the connection',
  )
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(step(page, 'TCP connection', 'Failed')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Done' }).click()
  await expectAccessible(page)
})

test('deleting asks first, names what goes, and is refused while a profile uses it', async ({ page }) => {
  const name = 'In use'
  const target = { url: registry.url, user: 'admin', password: USERS.admin }
  const digest = await pushPack(target, { name: 'in-use', version: '1.0.0' })
  await add(page, { name, endpoint: registry.url, user: 'ci', password: USERS.ci })
  const profile = await createProfile(page, 'Holds it', 'in-use')

  await act(page, name, 'Delete')
  const dialog = page.getByRole('dialog', { name: `Delete ${name}?` })
  await expect(dialog).toContainText('1 pack with 1 version leave the catalog')
  await dialog.getByRole('button', { name: 'Delete registry' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Cluster profiles use packs of this registry')
  await expect(dialog.getByRole('link', { name: 'Holds it' })).toHaveAttribute('href', `/profiles/${profile}`)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(row(page, name)).toBeVisible()
  await page.evaluate((uid) => fetch(`/v1/clusterprofiles/${uid}`, { method: 'DELETE' }), profile)
  await deletePack(target, 'in-use', digest)
})

/** Makes an add-on profile of one pack by the API, as the page's own session. @returns its uid */
const createProfile = (page: Page, name: string, pack: string): Promise<string> =>
  page.evaluate(
    async ({ name, pack }) => {
      const post = async (path: string, body: unknown) => {
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
        if (!answer.ok) throw new Error(await answer.text())
        return answer.json()
      }
      const found = await post('/v1/packs/search', { filter: { name: { eq: pack } } })
      const { latestPackUid, latestVersion, uid } = found.items[0].spec.registries[0]
      const layer = { name: pack, uid: latestPackUid, tag: latestVersion, registryUid: uid, layer: 'addon' }
      const template = { type: 'add-on', cloudType: 'all', packs: [layer] }
      const made = await post('/v1/clusterprofiles', {
        metadata: { name },
        spec: { version: '1.0.0', template },
      })
      return made.uid
    },
    { name, pack },
  )

test('the list, the form with its ladder, one registry and the overview stand in nobody’s way', async ({
  page,
}) => {
  const name = 'Looked at'
  await add(page, { name, endpoint: registry.url, user: 'ci', password: USERS.ci })
  await expectAccessible(page)
  await act(page, name, 'Edit')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByRole('status').filter({ hasText: /^Passed/ })).toBeVisible()
  await expectAccessible(page)
  await page.goto(LIST)
  await page.getByRole('link', { name, exact: true }).click()
  await expect(page.getByRole('region', { name: 'Sync runs' })).toContainText('First sync')
  await expectAccessible(page)
  await page.goto('/')
  await expect(page.getByRole('list', { name: 'Packs by layer' })).toBeVisible()
  await expect(page.getByRole('list', { name: 'Pack registries' })).toContainText(name)
  await expectAccessible(page)
})

test('an OCI registry says what it holds, is tested as one, and its packs come into the catalog', async ({
  page,
}) => {
  const name = 'Images and packs'
  await pushPack(
    { url: registry.url, user: 'admin', password: USERS.admin },
    { name: 'from-oci', version: '3.1.0' },
  )
  await fill(page, { name, endpoint: registry.url, user: 'ci', password: USERS.ci })
  await page.getByLabel('Kind', { exact: true }).selectOption({ label: 'OCI registry' })
  await page.getByLabel('Base content path', { exact: true }).fill('Not/Right')
  await confirm(page)
  await expect(page.getByText('Write paths as the registry does')).toBeVisible()
  await page.getByLabel('Base content path', { exact: true }).fill('')
  await page.getByLabel('Repositories', { exact: true }).fill('from-oci')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(step(page, 'OCI registry', 'Passed')).toBeVisible()
  await expect(step(page, 'One pack readable', 'Passed')).toContainText('from-oci 3.1.0')
  await expectAccessible(page)
  await confirm(page)
  await expect(page).toHaveURL(LIST)
  added.push(name)
  await expect(row(page, name).getByText('Healthy', { exact: true })).toBeVisible(SYNC)
  await expect(row(page, name).getByTitle('OCI registry')).toBeVisible()

  await act(page, name, 'Edit')
  await expect(page.getByLabel('Repositories', { exact: true })).toHaveValue('from-oci')
  await page.getByLabel('Sync every', { exact: true }).selectOption({ label: '1 hour' })
  await confirm(page)
  await expect(page).toHaveURL(LIST)
  await row(page, name).getByRole('link', { name }).click()
  await expect(page.getByText('OCI registry · Packs')).toBeVisible()
})

test('a Helm repository brings its charts', async ({ page }) => {
  const name = 'Charts'
  const charts = await startChartRepository([await packChart({ name: 'from-helm', version: '0.9.0' })])
  try {
    await fill(page, { name, endpoint: charts.url })
    await page.getByLabel('Kind', { exact: true }).selectOption({ label: 'Helm repository' })
    await confirm(page)
    await expect(page).toHaveURL(LIST)
    added.push(name)
    await expect(row(page, name).getByText('Healthy', { exact: true })).toBeVisible(SYNC)
    await row(page, name).getByRole('link', { name }).click()
    await expect(page.getByText('From Helm')).toBeVisible()
  } finally {
    await charts.close()
  }
})
