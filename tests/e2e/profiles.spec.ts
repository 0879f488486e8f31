import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'

import { world } from './world'

/** The sample packs arrive with the bundled registry's first sync. */
const FIRST_SYNC_MS = 60_000

/** A session's cookie counts only with the console's own origin. */
const ours = () => ({ origin: world().url })

const stack = (page: Page) => page.getByRole('list', { name: 'The stack' })
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

async function waitForSamples(page: Page) {
  await expect
    .poll(
      async () => {
        const answer = await page.request.post('/v1/packs/search', { data: {}, headers: ours() })
        expect(answer.status()).toBe(200)
        return (await answer.json()).listmeta.count
      },
      { timeout: FIRST_SYNC_MS },
    )
    .toBeGreaterThanOrEqual(12)
}

/** Chooses a pack for the place that is open. */
async function choosePack(page: Page, displayName: string) {
  await page.getByRole('list', { name: 'Packs' }).getByRole('button', { name: displayName }).click()
  await expect(panel(page, displayName)).toBeVisible()
}

async function beginProfile(page: Page, name: string) {
  await page.goto('/profiles')
  await page.getByRole('link', { name: 'Add cluster profile' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Description').fill('Clusters for the shop')
  await page.getByRole('textbox', { name: 'Tags' }).fill('team:web')
  await page.getByRole('textbox', { name: 'Tags' }).press('Enter')
}

/** Four core layers from the bottom up, as "Next" leads through them. */
async function chooseCore(page: Page) {
  for (const [place, pack] of [
    ['Operating system', 'Ubuntu LTS'],
    ['Kubernetes', 'Kubernetes'],
    ['Network', 'Cilium'],
    ['Storage', 'NFS CSI driver'],
  ] as const) {
    await page.getByRole('button', { name: `Next: ${place}` }).click()
    if (place === 'Kubernetes') {
      const choices = page.getByRole('list', { name: 'Packs' })
      await choices
        .getByRole('button')
        .filter({ hasText: /^Kuberneteskubernetes/ })
        .click()
      await expect(page.getByRole('heading', { name: 'Values' })).toBeVisible()
    } else await choosePack(page, pack)
  }
}

/** What the page says of itself to people who do not see it, light and dark. */
async function expectAccessible(page: Page) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveClass(colorScheme === 'dark' ? /dark/ : /^(?!.*dark)/)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(
      violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map((one) => one.html).join(' ')}`),
    ).toEqual([])
  }
}

test.beforeEach(async ({ page }) => {
  await waitForSamples(page)
})

test('a full profile is composed of the sample packs, saved, published and opened again', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const name = `shop-${Date.now().toString(36)}`
  await beginProfile(page, name)
  await expectAccessible(page)
  await chooseCore(page)

  await test.step('Kubernetes follows a track', async () => {
    await stack(page)
      .getByRole('button', { name: /Kubernetes/ })
      .first()
      .click()
    const version = page.getByLabel('Version', { exact: true })
    await version.selectOption('1.35.x')
    await expect(page.getByText('Follows the newest of the track: 1.35.5 now.')).toBeVisible()
  })

  await test.step('a preset is put into the values, and a value is changed by hand', async () => {
    await page.getByLabel('OIDC').selectOption({ label: 'An issuer of your own' })
    const values = page.getByRole('textbox', { name: 'Values of Kubernetes' })
    await expect(values).toContainText('# spectrocloud.com/enabled-presets: OIDC:oidc-custom')
    await values.getByText('"cluster.local"').click()
    await page.keyboard.press('End')
    await page.keyboard.press('Shift+Home')
    await page.keyboard.type('serviceDomain: "shop.internal"')
    await expect(values).toContainText('serviceDomain: "shop.internal"')
  })

  await test.step('values that are no YAML are marked and block publishing until they are mended', async () => {
    await page.keyboard.press('Control+Home')
    await page.keyboard.type('broken: [\n')
    await expect(stack(page).getByText('Problem: The values cannot be read')).toBeAttached()
    await expect(page.getByRole('button', { name: 'Publish' })).toHaveAttribute('aria-disabled', 'true')
    for (let i = 0; i < 'broken: [\n'.length; i++) await page.keyboard.press('Backspace')
    await expect(stack(page).getByText('Problem: The values cannot be read')).toHaveCount(0)
  })

  await test.step('two add-ons go on top', async () => {
    for (const addon of ['Traefik', 'Fluent Bit']) {
      await stack(page).getByRole('button', { name: 'Add an add-on' }).click()
      await page.getByLabel('Search packs').fill(addon)
      await choosePack(page, addon)
    }
    await expectAccessible(page)
  })

  await page.getByRole('button', { name: 'Save draft' }).click()
  await expect(page).toHaveURL(/\/profiles\/[0-9a-f]{24}\/edit/)
  await expect(page.getByText(/^Saved/)).toBeVisible()
  await page.getByRole('button', { name: 'Review' }).click()
  await expect(page.getByText('Nothing stands in the way of publishing.').first()).toBeVisible()
  await page.getByRole('button', { name: 'Publish' }).click()
  await expect(page).toHaveURL(/\/profiles\/[0-9a-f]{24}(?:\?|$)/)

  await test.step('opened again from the list, it shows its stack', async () => {
    await page.goto('/profiles')
    await expectAccessible(page)
    await page.getByRole('link', { name: new RegExp(name) }).click()
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
    await expect(page.getByText('Published', { exact: true })).toBeVisible()
    await expect(stack(page).getByRole('listitem')).toHaveText([
      /Ubuntu LTS/,
      /Kubernetes.*1\.35\.x/,
      /Cilium/,
      /NFS CSI driver/,
      /Traefik/,
      /Fluent Bit/,
    ])
    await stack(page)
      .getByRole('button', { name: /^Kubernetes/ })
      .click()
    const values = page.getByRole('region', { name: 'Values of Kubernetes' })
    await expect(values).toContainText('serviceDomain: "shop.internal"')
    await expect(values).toContainText('oidc-client-id: kubernetes')
    await expect(page.getByText('team:web')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Edit' })).toHaveAttribute('aria-disabled', 'true')
    await expectAccessible(page)
  })
})

test('a missing core layer blocks publishing with its sentence, and does not keep a draft from being saved', async ({
  page,
}) => {
  const name = `half-${Date.now().toString(36)}`
  await beginProfile(page, name)
  await page.getByRole('button', { name: 'Next: Operating system' }).click()
  await choosePack(page, 'Ubuntu LTS')
  const sentence = 'The storage layer is missing. Add a pack of it.'
  await expect(page.getByRole('region', { name: 'Checks' })).toContainText(sentence)
  await expect(page.getByRole('button', { name: 'Publish' })).toHaveAttribute('aria-disabled', 'true')
  await page.getByRole('button', { name: 'Save draft' }).click()
  await expect(page).toHaveURL(/\/profiles\/[0-9a-f]{24}\/edit/)
  await page.goto('/profiles')
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('3 places empty')
})

test('who leaves with unsaved changes is asked, and a reload brings them back', async ({ page }) => {
  await beginProfile(page, 'not-saved')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Packs' }).click()
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await question.getByRole('button', { name: 'Stay' }).click()
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('not-saved')

  await expect.poll(() => page.evaluate(() => sessionStorage.length)).toBeGreaterThan(0)
  page.once('dialog', (dialog) => void dialog.accept())
  await page.reload()
  await expect(page.getByText('Your unsaved changes are here again')).toBeVisible()
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('not-saved')

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Packs' }).click()
  await question.getByRole('button', { name: 'Leave without saving' }).click()
  await expect(page).toHaveURL(/\/packs/)
})

test('who saves over what somebody else saved is told, and chooses', async ({ page }) => {
  const name = `shared-${Date.now().toString(36)}`
  await beginProfile(page, name)
  await page.getByRole('button', { name: 'Save draft' }).click()
  await expect(page).toHaveURL(/\/profiles\/[0-9a-f]{24}\/edit/)
  const uid = /profiles\/([0-9a-f]{24})/.exec(page.url())?.[1]
  const other = await page.request.put(`/v1/clusterprofiles/${uid}`, {
    data: { metadata: { annotations: { description: 'Theirs' } }, spec: { template: { packs: [] } } },
    headers: ours(),
  })
  expect(other.status()).toBe(204)
  await page.getByLabel('Description').fill('Mine')
  await page.getByRole('button', { name: 'Save draft' }).click()
  await expect(page.getByRole('main').getByRole('alert')).toContainText('in the meantime')
  await page.getByRole('button', { name: 'Save mine over it' }).click()
  await expect(page.getByText(/^Saved/)).toBeVisible()
  await expect(page.getByRole('main').getByRole('alert')).toHaveCount(0)
  const held = await page.request.get(`/v1/clusterprofiles/${uid}`)
  expect((await held.json()).metadata.annotations.description).toBe('Mine')
})

test('an add-on profile of one manifest keeps its text, and goes when it is deleted', async ({ page }) => {
  test.setTimeout(120_000)
  const name = `objects-${Date.now().toString(36)}`
  await beginProfile(page, name)
  await page.getByRole('radio', { name: 'Add-on' }).check()
  await page.getByRole('button', { name: 'Next: Add an add-on' }).click()
  await page.getByLabel('Manifest name').fill('namespaces')
  await page.getByRole('button', { name: 'Add manifest' }).click()
  const manifest = page.getByRole('textbox', { name: 'Manifest namespaces' })
  await manifest.click()
  await page.keyboard.type('kind: Namespace')
  await expect(page.getByText('Nothing stands in the way of publishing.')).toBeVisible()
  await page.getByRole('button', { name: 'Save draft' }).click()
  await expect(page).toHaveURL(/\/profiles\/[0-9a-f]{24}\/edit/)
  await page.reload()
  await expect(manifest).toContainText('kind: Namespace')

  await page.goto('/profiles')
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Delete 1.0.0' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(page.getByRole('row', { name: new RegExp(name) })).toHaveCount(0)
})

test('a profile can be read and given a new version on a narrow screen', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  const name = `narrow-${Date.now().toString(36)}`
  await beginProfile(page, name)
  await page.getByRole('button', { name: 'Next: Operating system' }).click()
  await choosePack(page, 'Ubuntu LTS')
  const width = () => page.evaluate(() => document.documentElement.scrollWidth)
  expect(await width()).toBeLessThanOrEqual(360)
  await page.getByRole('button', { name: 'Save draft' }).click()
  await expect(page).toHaveURL(/\/profiles\/[0-9a-f]{24}\/edit/)
  await page.goto(page.url().replace(/\/edit.*$/, ''))
  await page.getByRole('link', { name: 'New version' }).click()
  await expect(page.getByLabel('Version', { exact: true })).toHaveValue('1.0.1')
  expect(await width()).toBeLessThanOrEqual(360)
})

test('what is wrong is mended where it stands, and a change is undone by keyboard', async ({ page }) => {
  test.setTimeout(120_000)
  await beginProfile(page, `mended-${Date.now().toString(36)}`)
  await page.getByRole('radio', { name: 'Add-on' }).check()
  await page.getByRole('button', { name: 'Next: Add an add-on' }).click()
  await page.getByLabel('Manifest name').fill('namespaces')
  await page.getByRole('button', { name: 'Add manifest' }).click()
  await page.getByRole('textbox', { name: 'Manifest namespaces' }).click()
  await page.keyboard.insertText("name: '{{.spectro.var.region}}'\n")
  const checks = page.getByRole('region', { name: 'Checks' })
  await expect(checks).toContainText('The variable region is not defined.')
  await expect(page.getByRole('button', { name: 'Publish' })).toHaveAttribute('aria-disabled', 'true')

  await checks.getByRole('button', { name: 'Define region' }).click()
  await expect(checks).toContainText('Nothing stands in the way of publishing.')
  const variables = page.getByRole('button', { name: /^Variables/ })
  await expect(variables).toContainText('1')
  await variables.click()
  await page.keyboard.press('Control+z')
  await expect(variables).toContainText('None')
  await page.keyboard.press('Control+Shift+z')
  await expect(variables).toContainText('1')

  await test.step('a masked default is entered once, and cannot be read again', async () => {
    await page.getByRole('button', { name: /^region/ }).click()
    await page.getByLabel('Mask value').check()
    await page.getByLabel('Default value').fill('canary-e2e')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Save draft' }).click()
    await expect(page).toHaveURL(/\/profiles\/[0-9a-f]{24}\/edit/)
    await page.reload()
    await page.getByRole('button', { name: /^region/ }).click()
    await expect(page.getByLabel('Default value')).toHaveValue('********')
    expect(await page.content()).not.toContain('canary-e2e')
  })

  await test.step('the preview shows what the layer says, and the masked value to nobody', async () => {
    await page.getByRole('tab', { name: 'Preview' }).click()
    await expect(page.getByRole('region', { name: /^Resolved values of namespaces/ })).toContainText(
      '••••••••',
    )
  })
})
