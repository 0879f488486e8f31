import type { Page } from '@playwright/test'

/** The session of the first admin, for specs that begin signed in. */
export const ADMIN_STATE = '.cache/e2e/admin.json'

const read = (name: string): string => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: tests/e2e/global-setup.ts does that.`)
  return value
}

/** The console that all specs share: a first start of the launcher, with its bundled registry. */
export const world = () => ({
  url: read('E2E_BASE_URL'),
  email: read('E2E_EMAIL'),
  password: read('E2E_PASSWORD'),
  /** Host and port, as the command line names it. */
  registry: read('E2E_REGISTRY'),
  registryUser: read('E2E_REGISTRY_USER'),
  registryPassword: read('E2E_REGISTRY_PASSWORD'),
  dataDir: read('E2E_DATA_DIR'),
})

/** Signs in through the page, as a person does. @param from the page that this leads to */
export async function signIn(page: Page, { email, password } = world(), from = '/packs'): Promise<void> {
  await page.goto(`/login?from=${encodeURIComponent(from)}`)
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
