import { expect, type Page, test } from '@playwright/test'

import { expectAccessible } from './accessible'
import { world } from './world'

const REGISTRIES = '/admin/settings/pack-registries'

/** Where to go, and the heading that says one has arrived. */
const SCREENS: [path: string, heading: string | RegExp][] = [
  ['/', 'Overview'],
  ['/packs', 'Packs'],
  ['/packs?view=table', 'Packs'],
  ['/packs?q=nothing+is+called+that', 'Packs'],
  ['/packs/kubernetes', 'Kubernetes'],
  ['/packs/kubernetes?tab=values', 'Kubernetes'],
  ['/packs/kubernetes?tab=versions', 'Kubernetes'],
  ['/packs/cni-calico?tab=files', 'Calico'],
  ['/packs/cni-calico?tab=changelog', 'Calico'],
  ['/packs/cni-calico?tab=uses', 'Calico'],
  ['/packs/no-such-pack', /no-such-pack/],
  ['/profiles', 'Cluster Profiles'],
  ['/profiles?q=nothing+is+called+that', 'Cluster Profiles'],
  ['/profiles/new', 'New cluster profile'],
  ['/profiles/new?at=layer:os', 'New cluster profile'],
  [REGISTRIES, 'Pack Registries'],
  [`${REGISTRIES}?q=nothing+is+called+that`, 'Pack Registries'],
  [`${REGISTRIES}/new`, 'Add New Pack Registry'],
  ['/admin/settings/api-keys', 'API Keys'],
  ['/nowhere', 'There is nothing at this address'],
]

const loading = (page: Page) => page.getByRole('status', { name: /^Loading/ })

/** What a screen owes everybody: one heading, a title of its own, nothing in anybody's way, nothing broken. */
async function expectWhole(page: Page, heading: string | RegExp): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
  await expect(loading(page)).toHaveCount(0)
  await expect(page).toHaveTitle(/^.+ · Packyard$/)
  await expectAccessible(page)
}

for (const [path, heading] of SCREENS)
  test(`${path} is whole, breaks nothing and stands in nobody's way`, async ({ page }) => {
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      // What is not there answers 404, which the browser notes by itself.
      if (message.type() === 'error' && !message.text().includes('404')) problems.push(message.text())
    })
    await page.goto(path)
    await expectWhole(page, heading)
    expect(problems).toEqual([])
  })

test('one registry and its form are whole', async ({ page }) => {
  await page.goto(REGISTRIES)
  await page.getByRole('link', { name: 'Sample packs' }).click()
  await expectWhole(page, 'Sample packs')
  await page.goto(`${page.url()}/edit`)
  await expectWhole(page, /Sample packs/)
})

test.describe('signed out', () => {
  test.use({ storageState: { cookies: [], origins: [] } })

  test('the sign-in page is whole', async ({ page }) => {
    await page.goto('/login')
    await expectWhole(page, 'Packyard')
  })
})

test('menus open, close with Escape and give the focus back', async ({ page }) => {
  await page.goto('/')
  for (const name of ['Theme', 'Account', /^Project: /]) {
    const button = page.getByRole('button', { name })
    await button.focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('menu')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('menu')).toHaveCount(0)
    await expect(button).toBeFocused()
  }
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Command palette' }).getByRole('combobox').fill('api')
  await expectAccessible(page)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`${world().url}/admin/settings/api-keys`)
})

test('the navigation of a narrow screen leads on and closes', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/')
  await page.getByRole('button', { name: 'Open the navigation' }).click()
  const navigation = page.getByRole('dialog', { name: 'Navigation' })
  await expect(navigation.getByText('Tenant: ')).toBeVisible()
  await navigation.getByRole('link', { name: 'Packs', exact: true }).click()
  await expect(page).toHaveURL(`${world().url}/packs`)
  await expect(navigation).toHaveCount(0)
})

for (const path of ['/packs', '/profiles'])
  test(`nothing jumps while ${path} loads`, async ({ page }) => {
    await page.addInitScript(() => {
      const seen = { sum: 0 }
      Object.assign(window, { seen })
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.sum += (entry as unknown as { value: number }).value
      }).observe({ type: 'layout-shift', buffered: true })
    })
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(loading(page)).toHaveCount(0)
    await page.waitForLoadState('networkidle')
    const shift = await page.evaluate(() => (window as unknown as { seen: { sum: number } }).seen.sum)
    expect(shift).toBeLessThan(0.02)
  })
