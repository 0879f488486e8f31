import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, type Page, test } from '@playwright/test'

import { bundleCli, runCli } from '../support/cli'
import { deletePack, packFiles } from '../support/packs'
import { expectAccessible } from './accessible'
import { LIST } from './registry-list'
import { world } from './world'

/** First by name, so that it stands in the short list of the registry's page. */
const NAME = `aaa-${Date.now().toString(36)}`
const WITHOUT_CLICK_MS = 10_000

let home: string

test.beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'packyard-push-'))
})
test.afterAll(() => rm(home, { recursive: true, force: true }))

async function openSamplePacks(page: Page): Promise<void> {
  await page.goto(LIST)
  await page.getByRole('link', { name: 'Sample packs', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Push notifications' })).toBeVisible()
}

test('what the command line pushes is on its page in the console without a click, and what is deleted leaves it', async ({
  page,
}) => {
  const { registry, registryUser, registryPassword } = world()
  const cli = await bundleCli(home)
  for (const [file, { bytes }] of packFiles({ name: NAME, version: '1.0.0' }))
    await writeFile(path.join(home, file), bytes)
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCli(cli, home, args)
    expect(code, stderr).toBe(0)
    return stdout
  }
  await run(
    ...['registry', 'login', registry, '-i', '--username', registryUser],
    '--password',
    registryPassword,
  )
  await openSamplePacks(page)
  const pack = page.getByRole('link', { name: NAME })
  await expect(pack).toHaveCount(0)

  const told = await run('pack', 'push', home, '-r', registry)
  await expect(pack).toBeVisible({ timeout: WITHOUT_CLICK_MS })
  await expect(page.getByRole('cell', { name: 'Push notification' }).first()).toBeVisible()
  await expect(page.getByText('On', { exact: true })).toBeVisible()

  const digest = /sha256:[0-9a-f]{64}/.exec(told)?.[0] ?? ''
  const target = { url: `http://${registry}`, user: registryUser, password: registryPassword }
  await deletePack(target, NAME, digest)
  await expect(pack).toHaveCount(0, { timeout: WITHOUT_CLICK_MS })
})

test('push notifications are turned on with a secret that is shown once, replaced, and turned off', async ({
  page,
}) => {
  const { url, registry, registryUser: user, registryPassword } = world()
  const headers = { origin: url }
  const spec = {
    endpoint: `http://${registry}`,
    auth: { type: 'basic', username: user, password: registryPassword },
  }
  const metadata = { name: `Notifying ${NAME}` }
  const made = await page.request.post('/v1/registries/pack', { headers, data: { metadata, spec } })
  expect(made.status()).toBe(201)
  const { uid } = await made.json()
  try {
    await page.goto(`${LIST}/${uid}`)
    await page.getByRole('button', { name: 'Turn on' }).click()
    const dialog = page.getByRole('dialog', { name: 'Configure the registry' })
    const lines = dialog.locator('pre').first()
    const first = await lines.textContent()
    expect(first).toMatch(new RegExp(`url: ${url}/v1/packyard/hooks/registries/${uid}\\s+secret: pyh_`))
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Done' }).click()
    await expect(page.getByText('On, not heard yet')).toBeVisible()
    await expect(page.getByText('pyh_')).toHaveCount(0)

    await page.getByRole('button', { name: 'New secret' }).click()
    await page.getByRole('button', { name: 'Make a new secret' }).click()
    await expect(lines).not.toHaveText(first ?? '')
    await dialog.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Turn off' }).click()
    await expect(page.getByRole('button', { name: 'Turn on' })).toBeVisible()
    await expectAccessible(page)
  } finally {
    await page.request.delete(`/v1/registries/${uid}`, { headers })
  }
})
