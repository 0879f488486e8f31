import { expect, test } from '@playwright/test'

import { expectAccessible } from './accessible'

const PAGE = '/admin/settings/api-keys'

test('a key is shown once, works while it is active, and is gone once it is deleted', async ({
  page,
  request,
  baseURL,
}) => {
  await page.goto(PAGE)
  await page.getByRole('button', { name: 'Create API key' }).first().click()
  await page.getByLabel('Name').fill('The pipeline')
  await page.getByLabel('Expires').selectOption('In 30 days')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  const shown = page.getByRole('dialog', { name: 'The key of The pipeline' })
  const key = /pyk_[\w-]{40,}/.exec((await shown.getByText('pyk_').first().textContent()) ?? '')?.[0] ?? ''
  expect(key).not.toBe('')
  await expect(shown).toContainText(`curl -H 'ApiKey: ${key}' ${baseURL}/v1/registries/pack`)
  await expectAccessible(page)
  await shown.getByRole('button', { name: 'Done' }).click()
  expect(await page.content()).not.toContain(key)

  const call = async () => (await request.get('/v1/registries/pack', { headers: { ApiKey: key } })).status()
  const row = page.getByRole('row').filter({ hasText: 'The pipeline' })
  await expect(row).toContainText('Active')
  await expect(row).toContainText(`${key.slice(0, 8)}…`)
  await expectAccessible(page)
  expect(await call()).toBe(200)

  await page.getByRole('button', { name: 'Actions for The pipeline' }).click()
  await page.getByRole('menuitem', { name: 'Deactivate' }).click()
  await expect(row).toContainText('Not active')
  expect(await call()).toBe(401)
  await page.getByRole('button', { name: 'Actions for The pipeline' }).click()
  await page.getByRole('menuitem', { name: 'Activate' }).click()
  await expect(row).not.toContainText('Not active')
  expect(await call()).toBe(200)

  await page.getByRole('button', { name: 'Actions for The pipeline' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Delete API key' }).click()
  await expect(row).toHaveCount(0)
  expect(await call()).toBe(401)
})

test('a key without a name is not made, and a taken name is told at its field', async ({ page }) => {
  const create = async (name: string) => {
    await page.getByRole('button', { name: 'Create API key' }).first().click()
    await page.getByLabel('Name').fill(name)
    await page.getByRole('button', { name: 'Create', exact: true }).click()
  }
  await page.goto(PAGE)
  await create('')
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription(/Enter a name/)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await create('Twice')
  await page.getByRole('button', { name: 'Done' }).click()
  await create('Twice')
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription(/Already taken/)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Actions for Twice' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Delete API key' }).click()
  await expect(page.getByText('Twice')).toHaveCount(0)
})
