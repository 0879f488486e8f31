import { expect, type Locator, type Page } from '@playwright/test'

export const LIST = '/admin/settings/pack-registries'
/** A sync of a small registry ends in seconds; the machine may be busy. */
export const SYNC = { timeout: 30_000 }

/** A registry's row in the list. */
export const row = (page: Page, name: string): Locator =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })

/** Does something to a registry by the menu of its row. */
export async function act(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click()
  await page.getByRole('menuitem', { name: action, exact: true }).click()
}

export interface Entered {
  name: string
  endpoint: string
  user?: string
  password?: string
}

/** Opens the form by the button of the list and fills it in. */
export async function fill(page: Page, { name, endpoint, user = '', password = '' }: Entered): Promise<void> {
  await page.goto(LIST)
  await page.getByRole('link', { name: 'Add New Pack Registry' }).first().click()
  await expect(page.getByRole('heading', { name: 'Add New Pack Registry' })).toBeVisible()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Endpoint', { exact: true }).fill(endpoint)
  await page.getByLabel('User name', { exact: true }).fill(user)
  await page.getByLabel('Password', { exact: true }).fill(password)
}

export const confirm = (page: Page) => page.getByRole('button', { name: 'Confirm', exact: true }).click()

/** Adds a registry that can be reached, and waits until it is in this state. */
export async function addRegistry(page: Page, entered: Entered, state = 'Healthy'): Promise<void> {
  await fill(page, entered)
  await confirm(page)
  await expect(page).toHaveURL(LIST)
  await expect(row(page, entered.name).getByText(state, { exact: true })).toBeVisible(SYNC)
}

/** Deletes a registry by the menu of its row. */
export async function deleteRegistry(page: Page, name: string): Promise<void> {
  await page.goto(LIST)
  await act(page, name, 'Delete')
  await page.getByRole('button', { name: 'Delete registry' }).click()
  await expect(row(page, name)).toHaveCount(0)
}
