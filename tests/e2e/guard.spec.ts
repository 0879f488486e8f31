import { expect, type Page, test } from '@playwright/test'

import { type Gateway, startGateway } from '../support/gateway'
import { deletePack, pushPack } from '../support/packs'
import { startTestRegistry, type TestRegistry } from '../support/registry'
import { expectAccessible } from './accessible'
import { act, addRegistry, deleteRegistry, LIST, row, SYNC } from './registry-list'

const VERSIONS = 12

let registry: TestRegistry
let gateway: Gateway
/** Of each version of `many`, by its place. */
let digests: string[]
const added: string[] = []

const target = () => ({ url: registry.url })

test.beforeEach(async () => {
  registry = await startTestRegistry()
  gateway = await startGateway(registry.url)
  digests = []
  for (let i = 0; i < VERSIONS; i++)
    digests.push(await pushPack(target(), { name: 'many', version: `1.${i}.0` }))
})
test.afterEach(async ({ page }) => {
  for (const name of added.splice(0)) await deleteRegistry(page, name)
  await gateway.close()
  await registry.close()
})

async function add(page: Page, name: string, state?: string): Promise<void> {
  added.push(name)
  await addRegistry(page, { name, endpoint: gateway.url }, state)
}

/** Takes all but the first version out of the registry, and syncs: too many to go without a question. */
async function loseMost(page: Page, name: string): Promise<void> {
  for (const digest of digests.slice(1)) await deletePack(target(), 'many', digest)
  await act(page, name, 'Sync now')
  await expect(row(page, name).getByText('Held', { exact: true })).toBeVisible(SYNC)
}

const condition = (page: Page, type: string) =>
  page.getByRole('region', { name: 'Conditions' }).getByRole('row', { name: type })
const runs = (page: Page) => page.getByRole('region', { name: 'Sync runs' })
const figure = (page: Page, name: string) =>
  page
    .locator('dl > div')
    .filter({ has: page.locator('dt', { hasText: name }) })
    .locator('dd')

test('a mass removal is held, named version by version, applied by a person, and explained to who asks later', async ({
  page,
}) => {
  const name = 'Loses most'
  await add(page, name)
  await loseMost(page, name)
  await expect(row(page, name)).toContainText('no longer lists 11 versions')
  await page.getByRole('link', { name, exact: true }).click()
  await expect(condition(page, 'Held Yes')).toContainText('no longer lists 11 versions')
  const list = page.getByRole('region', { name: 'Versions that are no longer listed' })
  await expect(list.getByRole('row', { name: 'many' })).toHaveCount(11)
  await expect(figure(page, 'Versions')).toHaveText('12')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Apply removal' }).click()
  await expect(list).toHaveCount(0)
  await expect(figure(page, 'Versions')).toHaveText('1')
  await expect(condition(page, 'Held No')).toBeVisible()

  const ask = async (version: string) => {
    await page.getByLabel('Pack', { exact: true }).fill('many')
    await page.getByLabel('Version', { exact: true }).fill(version)
    await page.getByRole('button', { name: 'Ask' }).click()
  }
  await ask('1.5.0')
  await expect(page.getByText('many 1.5.0 is not here')).toBeVisible()
  await expect(page.getByText('The registry stopped listing it.')).toBeVisible()
  await ask('9.0.0')
  await expect(page.getByText('Of this pack it lists 1.0.0.')).toBeVisible()
})

test('a mass removal that a person keeps stays in the catalog, is asked about no more, and can go later', async ({
  page,
}) => {
  const name = 'Keeps all'
  await add(page, name)
  await loseMost(page, name)
  await page.getByRole('link', { name, exact: true }).click()
  await page.getByRole('button', { name: 'Keep them' }).click()
  await expect(page.getByRole('heading', { name: '11 versions kept' })).toBeVisible()
  await page.getByRole('button', { name: 'Sync now' }).click()
  await expect(
    runs(page)
      .getByRole('row', { name: /Sync now by .* Completed/ })
      .nth(1),
  ).toBeVisible(SYNC)
  await expect(page.getByRole('heading', { name: '11 versions kept' })).toBeVisible()
  await expect(figure(page, 'Versions')).toHaveText('12')
  await page.getByRole('button', { name: 'Remove them' }).click()
  await expect(figure(page, 'Versions')).toHaveText('1')
})

test('a sync that runs shows how far it is on its row and its page, and ends when a person cancels it', async ({
  page,
}) => {
  const name = 'Takes long'
  gateway.instead = ({ path }, response) => {
    if (path.includes('/_packyard/contents')) {
      response.writeHead(404).end()
      return true
    }
    // The last versions are never answered.
    return path.includes('/manifests/') && digests.slice(8).some((digest) => path.endsWith(digest))
  }
  await add(page, name, 'Syncing')
  await expect(row(page, name).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '8', SYNC)
  await expect(row(page, name)).toContainText('Reading 8 of 12 versions')
  await page.getByRole('link', { name, exact: true }).click()
  const progress = page.getByRole('region', { name: 'Running sync' })
  await expect(progress).toContainText('Reading 8 of 12 versions')
  await expect(condition(page, 'Syncing Yes')).toContainText('Versions are read.')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Cancel sync' }).click()
  await expect(progress).toHaveCount(0, SYNC)
  await runs(page).getByRole('link').first().click()
  await expect(page.getByRole('heading', { name: 'Sync run', exact: true })).toBeVisible()
  await expect(
    page
      .getByRole('paragraph')
      .filter({ hasText: /^It was cancelled by .+\. What was read until then is kept/ }),
  ).toBeVisible()
  await expect(figure(page, 'Added')).toHaveText('8')
})

test('what could not be read is tried again when a person asks, and each run tells which it was and why', async ({
  page,
}) => {
  const name = 'Reads most'
  const isBroken = (path: string) => path.includes('/broken/blobs/')
  await pushPack(target(), { name: 'broken', version: '2.0.0' })
  gateway.instead = ({ path }, response) => {
    if (!path.includes('/_packyard/contents') && !isBroken(path)) return false
    response.writeHead(404).end()
    return true
  }
  await add(page, name, 'Degraded')
  await page.getByRole('link', { name, exact: true }).click()
  await expect(page.getByRole('heading', { name: '1 version could not be read' })).toBeVisible()
  await page.getByRole('button', { name: 'Retry failed items' }).click()
  const retried = runs(page).getByRole('row', { name: /Retry failed items by / })
  await expect(retried).toHaveCount(1, SYNC)
  await expect(page.getByRole('button', { name: 'Retry failed items' })).toBeEnabled(SYNC)

  gateway.instead = () => false
  await page.getByRole('button', { name: 'Retry failed items' }).click()
  await expect(retried).toHaveCount(2, SYNC)
  await expect(page.getByRole('heading', { name: '1 version could not be read' })).toHaveCount(0, SYNC)

  await runs(page).getByRole('link').last().click()
  await expect(page.getByRole('heading', { name: 'Sync run' })).toBeVisible()
  const items = page.getByRole('region', { name: 'What the run did to which version' })
  await expect(items.getByRole('row', { name: /^Failed broken 2\.0\.0/ })).toBeVisible()
  await expect(items.getByRole('row', { name: /^Added many/ })).toHaveCount(VERSIONS)
  await expectAccessible(page)
  await page.getByRole('button', { name: /^Added/ }).click()
  await page.getByLabel('Search the versions').fill('1.11')
  await expect(items.getByRole('row')).toHaveCount(2)
  await expect(page).toHaveURL(/\?.*q=1\.11/)
  await page.reload()
  await expect(items.getByRole('row', { name: /^Added many 1\.11\.0/ })).toBeVisible()
  await expect(items.getByRole('row')).toHaveCount(2)
})

test('several registries are paused, resumed and deleted at once, with a result for each', async ({
  page,
}) => {
  const names = ['Of several 1', 'Of several 2']
  for (const name of names) await add(page, name)
  await act(page, 'Of several 1', 'Pause')
  await expect(row(page, 'Of several 1')).toContainText(/Paused by .+/)
  await page.getByLabel('Search pack registries').fill('Of several')
  for (const name of names) await page.getByLabel(`Choose ${name}`).check()
  const bar = page.getByRole('region', { name: 'Chosen registries' })
  await expect(bar).toContainText('2 registries chosen')
  await bar.getByRole('button', { name: 'Sync now' }).click()
  const result = page.getByRole('alert').filter({ hasText: '1 registry asked to sync, 1 not' })
  await expect(result).toContainText('Of several 1: This registry is paused.')
  await expectAccessible(page)
  await bar.getByRole('button', { name: 'Pause' }).click()
  await expect(page.getByText('1 registry paused, 1 was so already')).toBeVisible()
  await bar.getByRole('button', { name: 'Resume' }).click()
  await expect(page.getByText('2 registries resumed')).toBeVisible()
  for (const name of names)
    await expect(row(page, name).getByText('Healthy', { exact: true })).toBeVisible(SYNC)

  await page.goto(`${LIST}?q=Of+several&kind=helm`)
  await expect(page.getByRole('heading', { name: 'No registry fits' })).toBeVisible()
  await page.getByRole('button', { name: /^Helm 0/ }).click()
  await page.getByLabel('Choose all shown').check()
  await bar.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete 2 registries?' })
  await expect(dialog.getByRole('listitem')).toHaveCount(2)
  await dialog.getByRole('button', { name: 'Delete 2 registries' }).click()
  await expect(page.getByText('2 registries deleted')).toBeVisible()
  for (const name of names) await expect(row(page, name)).toHaveCount(0)
  added.length = 0
})
