import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, type Page, test } from '@playwright/test'

import { isSigned } from '@/lib/pack-format/notification'

import { deletePack, pushPack } from '../support/packs'
import { expectAccessible } from './accessible'
import { LIST } from './registry-list'
import { world } from './world'

const MARK = Date.now().toString(36)
const NAME = `changing-${MARK}`
const FOUND_MS = 20_000

const target = () => {
  const { registry, registryUser, registryPassword } = world()
  return { url: `http://${registry}`, user: registryUser, password: registryPassword, force: true }
}
const put = (version: string, rest = {}) =>
  pushPack(target(), { name: NAME, version, rest: { displayName: `Changing ${MARK}`, ...rest } })
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)

/** Waits until a sync has found so many changes of the pack. The registry notifies the console. */
async function found(page: Page, kinds: string[], name = NAME): Promise<void> {
  const seen = async () => {
    const answer = await page.request.get(`/v1/packyard/changes?name=${name}`)
    return (await answer.json()).items.map((one: { kind: string }) => one.kind)
  }
  await expect.poll(seen, { timeout: FOUND_MS }).toEqual(expect.arrayContaining(kinds))
}

test('what a sync finds is told on one page, on the page of the pack, and on that of the run', async ({
  page,
}) => {
  await page.goto('/changes')
  await put('1.0.0')
  await put('1.1.0')
  await found(page, ['added'])
  await put('1.0.0', { eol: day(20), annotations: { system_state: 'deprecated' } })
  await found(page, ['repushed', 'deprecated', 'eolSet'])

  await page.reload()
  await page.getByRole('searchbox', { name: 'Pack name' }).fill(NAME)
  await expect(page).toHaveURL(new RegExp(`pack=${NAME}`))
  const list = page.getByRole('list', { name: 'Changes' })
  await expect(list.getByRole('listitem').filter({ hasText: 'Re-pushed' })).toContainText(/sha256:.*sha256:/s)
  await page.getByRole('combobox', { name: 'What happened' }).selectOption('deprecated')
  await expect(list.getByRole('link', { name: `Changing ${MARK} 1.0.0` })).toHaveCount(1)
  await expectAccessible(page)
  await page.getByRole('combobox', { name: 'What happened' }).selectOption('disabled')
  await expect(page.getByRole('heading', { name: 'No change fits' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).first().click()
  await expect(page).toHaveURL(/\/changes$/)

  await page.goto(`/changes?pack=${NAME}&kind=deprecated`)
  await list.getByRole('link', { name: `Changing ${MARK} 1.0.0` }).click()
  const life = page.getByRole('list', { name: 'Life cycle' })
  await expect(life).toContainText('Deprecated')
  await expect(life).toContainText('in 20 days')
  await expect(life).toContainText('Pushed again with other content')
  await page.getByRole('tab', { name: 'Changes' }).click()
  await expect(page.getByRole('list', { name: 'Changes' })).toContainText('End of life set')
  await expectAccessible(page)

  await page.getByRole('list', { name: 'Changes' }).getByTitle('The sync that found it').first().click()
  await expect(page.getByRole('heading', { name: 'Sync run', exact: true })).toBeVisible()
  await expect(page.getByRole('list', { name: 'Life cycle' })).toContainText('Re-pushed')
})

test('a profile tells what of it is going out of life, and keeps it', async ({ page }) => {
  const name = `${NAME}-used`
  const digest = await pushPack(target(), { name, version: '1.0.0' })
  const uidOf = async () => {
    const body = { filter: { name: { eq: name, ignoreCase: false } } }
    const answer = await page.request.post('/v1/packs/search', {
      headers: { origin: world().url },
      data: body,
    })
    return (await answer.json()).items[0]?.spec.registries[0]?.uid ?? ''
  }
  await expect.poll(uidOf, { timeout: FOUND_MS }).not.toBe('')
  const pack = { name, tag: '1.0.0', layer: 'addon', type: 'spectro', registryUid: await uidOf() }
  const data = {
    metadata: { name },
    spec: { version: '1.0.0', template: { type: 'add-on', packs: [pack] } },
  }
  const made = await page.request.post('/v1/clusterprofiles', { headers: { origin: world().url }, data })
  const { uid } = await made.json()
  await deletePack(target(), name, digest)
  await found(page, ['gone'], name)
  await page.goto(`/profiles/${uid}`)
  const list = page.getByRole('list', { name: 'Packs going out of life' })
  await expect(list).toContainText('Gone from its registry')
  await expect(list.getByRole('link', { name: `${name} 1.0.0` })).toBeVisible()
  await expectAccessible(page)
  await page.goto('/')
  await expect(page.getByRole('region', { name: 'Packs in profiles going out of life' })).toContainText(name)
  await page.request.delete(`/v1/clusterprofiles/${uid}`, { headers: { origin: world().url } })
})

test('a feed address is made, shown once, read by a program without a sign-in, and revoked', async ({
  page,
  playwright,
}) => {
  await page.goto(`/changes`)
  await expect(page.locator('head link[type="application/atom+xml"]')).toHaveCount(1)
  await page.getByRole('button', { name: 'Feed' }).click()
  const dialog = page.getByRole('dialog', { name: 'Follow the catalog' })
  await dialog.getByLabel('What').selectOption('all')
  await dialog.getByLabel('Name').fill(`Reader ${MARK}`)
  await dialog.getByRole('button', { name: 'Make feed address' }).click()
  const address = (await dialog.locator('pre').textContent()) ?? ''
  expect(address).toMatch(/\/v1\/packyard\/feeds\/changes\.atom\?token=pyf_[\w-]{32}&kind=all$/)
  await expectAccessible(page)
  const reader = await playwright.request.newContext()
  const feed = await reader.get(address)
  expect(feed.headers()['content-type']).toContain('application/atom+xml')
  // As a parser reads it.
  const [root, entries, problem] = await page.evaluate(
    (text) => {
      const document = new DOMParser().parseFromString(text, 'application/xml')
      const of = (name: string) => document.getElementsByTagNameNS('http://www.w3.org/2005/Atom', name).length
      return [
        document.documentElement.localName,
        of('entry'),
        document.querySelector('parsererror')?.textContent ?? '',
      ]
    },
    await feed.text(),
  )
  expect([root, problem]).toEqual(['feed', ''])
  expect(entries).toBeGreaterThan(0)
  await dialog.getByRole('button', { name: `Revoke Reader ${MARK}` }).click()
  await expect(dialog.getByRole('button', { name: `Revoke Reader ${MARK}` })).toHaveCount(0)
  expect((await reader.get(address)).status()).toBe(401)
  await reader.dispose()
})

test('a webhook is added, tested, and told what changes, signed with the secret that was shown', async ({
  page,
}) => {
  const bodies: { signature: string; bytes: Buffer; event: string }[] = []
  const receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { 'packyard-signature': signature, 'packyard-event': event } = request.headers
    bodies.push({ signature: String(signature), event: String(event), bytes: Buffer.concat(chunks) })
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  try {
    await page.goto('/admin/settings/webhooks')
    await page.getByRole('button', { name: 'Add webhook' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Add webhook' })
    await dialog.getByRole('button', { name: 'Add webhook' }).click()
    await expect(dialog.getByText('Enter the address of the receiver')).toBeVisible()
    await dialog.getByLabel('Name').fill(`Chat ${MARK}`)
    await dialog.getByLabel('Address').fill(url)
    await dialog.getByLabel('Packs').fill(`${NAME}-told`)
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Add webhook' }).click()
    const secret =
      (await page
        .getByRole('dialog', { name: /^The secret of/ })
        .locator('pre')
        .first()
        .textContent()) ?? ''
    expect(secret).toMatch(/^pyw_/)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('link', { name: `Chat ${MARK}` }).click()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await expect(page.getByText(/The receiver took the test: 204/)).toBeVisible()
    await pushPack(target(), { name: `${NAME}-told`, version: '1.0.0' })
    await expect
      .poll(() => bodies.map((one) => one.event), { timeout: FOUND_MS })
      .toEqual(['test', 'changes'])
    for (const { signature, bytes } of bodies)
      expect(isSigned(secret, signature, bytes, new Date())).toBe(true)
    expect(JSON.parse(String(bodies[1]?.bytes)).changes).toMatchObject([
      { kind: 'added', name: `${NAME}-told` },
    ])
    await expect(page.getByRole('row').filter({ hasText: '1 change' })).toContainText('Delivered', {
      timeout: 10_000,
    })
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Pause' }).click()
    await expect(page.getByText('It is paused', { exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Delete webhook' }).click()
    await expect(page).toHaveURL(/\/webhooks$/)
    await expect(page.getByRole('link', { name: `Chat ${MARK}` })).toHaveCount(0)
  } finally {
    receiver.close()
  }
})

test('a registry leads to its feed and to what changed in it', async ({ page }) => {
  await page.goto(LIST)
  await page.getByRole('link', { name: 'Sample packs', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Feed' })).toBeVisible()
  await page.getByRole('link', { name: 'What changed', exact: true }).click()
  await expect(page).toHaveURL(/\/changes\?registry=[0-9a-f]{24}$/)
  await expect(page.getByRole('list', { name: 'Changes' })).toBeVisible()
})
