import { expect, test } from '@playwright/test'

import { ADMIN_STATE, signIn, world } from './world'

test('a page leads to the sign-in page and back to itself', async ({ page }) => {
  await page.goto('/packs?layer=k8s')
  await expect(page).toHaveURL(/\/login\?from=%2Fpacks/)
  const { email, password } = world()
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/packs\?layer=k8s$/)
})

test('a wrong password is refused in words and signs nobody in', async ({ page }) => {
  await signIn(page, { ...world(), password: 'not the password at all' })
  await expect(page.getByText('Email or password is wrong.')).toBeVisible()
  await page.goto('/packs')
  await expect(page).toHaveURL(/\/login\?from=%2Fpacks$/)
})

test('the first admin signs in with the printed password, and no script breaks the policy', async ({
  page,
}) => {
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  await signIn(page)
  await expect(page).toHaveURL(`${world().url}/packs`)
  await expect(page.getByRole('navigation').first()).toBeVisible()
  expect(problems).toEqual([])
  await page.context().storageState({ path: ADMIN_STATE })
})
