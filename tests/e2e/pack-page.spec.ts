import { expect, test } from '@playwright/test'

import { expectAccessible } from './accessible'

const tab = (name: string | RegExp) => ({ name, exact: typeof name === 'string' })

test('a pack tells what its tracks stand for, and a track leads to its version', async ({ page }) => {
  await page.goto('/packs/traefik')
  const facts = page.getByRole('complementary', { name: 'Facts' })
  await facts.getByRole('button', { name: '3.6.x 3.6.25' }).click()
  await expect(page).toHaveURL(/version=3\.6\.25/)
  await expect(page.getByLabel('Version', { exact: true })).toHaveValue('3.6.25')
  await expect(page.getByRole('heading', { level: 2, name: /^Traefik 3\.6/ })).toBeVisible()
  await expect(facts.getByText(/^traefik@3\.6\.25@/)).toBeVisible()
})

test('what a chart holds is read file by file, and the address keeps the file', async ({ page }) => {
  await page.goto('/packs/traefik')
  await page.getByRole('tab', tab('Files')).click()
  const files = page.getByRole('navigation', { name: 'Files' })
  // The first file that is worth it is shown, with its folders open.
  await expect(page.getByRole('heading', { name: /Chart\.yaml$/ })).toBeVisible()
  await files.getByRole('button', { name: 'templates' }).click()
  await files.getByRole('button', { name: 'service.yaml' }).click()
  await expect(page.getByRole('region', { name: /^Content of .*service/ })).toContainText('kind: Service')
  await expect(page).toHaveURL(/tab=files&file=charts/)
  await page.reload()
  await expect(page.getByRole('region', { name: /^Content of .*service/ })).toBeVisible()
  await expectAccessible(page)
})

test('the images that a pack needs are listed, each with where it stands', async ({ page }) => {
  await page.goto('/packs/traefik?tab=images')
  const images = page.getByRole('region', { name: 'Container images' })
  await expect(images.getByText(/traefik:v3/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Copy all' })).toBeVisible()
  await expectAccessible(page)
})

test('constraints are told both ways, with the versions of the catalog that fulfil them', async ({
  page,
}) => {
  await page.goto('/packs/traefik?tab=constraints')
  const asks = page.getByRole('region', { name: 'What it asks for' })
  await expect(asks.getByRole('row', { name: /^kubernetes / })).toContainText(/\d+ versions/)
  await asks.getByRole('link', { name: 'kubernetes', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Kubernetes', level: 1 })).toBeVisible()
  await page.getByRole('tab', tab('Constraints')).click()
  const askers = page.getByRole('region', { name: 'Packs that ask for it' })
  await expect(askers.getByRole('link', { name: 'Traefik' })).toBeVisible()
  await expectAccessible(page)
})

test('versions are found by a part of their number, by keyboard, and tabs by arrow keys', async ({
  page,
}) => {
  await page.goto('/packs/kubernetes')
  await page.getByRole('tab', tab('README')).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  const versions = page.getByRole('region', { name: 'Versions' })
  await expect(versions.getByRole('link', { name: '1.36.2', exact: true })).toBeVisible()
  await page.getByLabel('Find a version').fill('1.35')
  await expect(versions.getByRole('link', { name: '1.36.2', exact: true })).toHaveCount(0)
  await versions.getByRole('link', { name: '1.35.3', exact: true }).press('Enter')
  await expect(page).toHaveURL(/version=1\.35\.3/)
  await expect(page.getByLabel('Version', { exact: true })).toHaveValue('1.35.3')
})

test('a version that nobody has is said to be none, and the newest is one step away', async ({ page }) => {
  await page.goto('/packs/kubernetes?version=0.0.1')
  await expect(page.getByText('There is no version 0.0.1')).toBeVisible()
  await page.getByRole('link', { name: 'Show the newest' }).click()
  await expect(page.getByLabel('Version', { exact: true })).toHaveValue('1.36.2')
})
