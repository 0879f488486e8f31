import { readFileSync } from 'node:fs'

import { expect, test } from '@playwright/test'

import { expectAccessible } from './accessible'

test('any two versions are chosen, and what an upgrade changes is seen by its meaning', async ({ page }) => {
  await page.goto('/packs/kubernetes?tab=versions')
  await page.getByRole('checkbox', { name: 'Choose 1.36.2' }).check()
  await page.getByRole('checkbox', { name: 'Choose 1.35.5' }).check()
  await page.getByRole('link', { name: 'Compare chosen' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Compare versions of Kubernetes')
  const summary = page.getByRole('region', { name: 'Summary' })
  await expect(summary).toContainText('1.35.5 → 1.36.2')
  await expect(summary).toContainText('1 value added, 2 defaults changed.')
  await expect(summary).toContainText('7 images changed.')
  await expect(page.getByRole('region', { name: 'Values' })).toContainText('audit-log-maxbackup')
  await expect(page.getByText('Reading manifests and charts…')).toHaveCount(0)
  await expectAccessible(page)
})

test('a file is seen line by line, and what somebody sees is what the address says', async ({ page }) => {
  await page.goto('/packs/kubernetes/compare?from=1.35.5&to=1.36.2')
  const parts = page.getByRole('navigation', { name: 'Parts of the comparison' })
  await parts.getByRole('button', { name: /^values\.yaml/ }).click()
  const lines = page.getByRole('table', { name: 'values.yaml: 1.35.5 and 1.36.2' })
  await expect(lines.getByRole('deletion').filter({ hasText: 'kube-apiserver:v1.35.5' })).toHaveCount(1)
  await expect(lines.getByRole('insertion').filter({ hasText: 'kube-apiserver:v1.36.2' })).toHaveCount(1)
  await expect(lines).not.toContainText('serviceDomain')
  const folded = lines.getByRole('button', { name: /unchanged lines$/ })
  const folds = await folded.count()
  await folded.first().click()
  await expect(lines).toContainText('serviceDomain')
  await expect(folded).toHaveCount(folds - 1)

  await page.getByRole('button', { name: 'Next change' }).click()
  await expect(page.getByText('1 of 5')).toBeVisible()
  await page.keyboard.press('Alt+ArrowUp')
  await expect(page.getByText('5 of 5')).toBeVisible()
  await page.getByRole('button', { name: 'Inline' }).click()
  await page.getByRole('button', { name: 'Only changes' }).click()
  await expect(folded).toHaveCount(0)

  const again = await page.context().newPage()
  await again.goto(page.url())
  await expect(again.getByText('5 of 5')).toBeVisible()
  await expect(again.getByRole('button', { name: 'Inline' })).toHaveAttribute('aria-pressed', 'true')
  await expect(again.getByRole('table', { name: /^values\.yaml/ })).toContainText('serviceDomain')
})

test('a version is compared with the one before it, and with what its charts hold', async ({ page }) => {
  await page.goto('/packs/traefik?tab=versions')
  await page.getByRole('link', { name: 'Compare 3.7.13 with the previous version, 3.6.25' }).click()
  const parts = page.getByRole('navigation', { name: 'Parts of the comparison' })
  await parts.getByRole('button', { name: /^Chart\.yaml/ }).click()
  await expect(page.getByRole('table', { name: /Chart\.yaml/ }).getByRole('insertion')).not.toHaveCount(0)
  await page.getByRole('button', { name: 'Swap the sides' }).click()
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText('3.7.13 → 3.6.25')
})

test('a narrow screen shows lines below each other, and a version that is not there is said to be', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/packs/kubernetes/compare?from=1.35.5&to=1.36.2')
  await page.getByLabel('Show').selectOption('values.yaml')
  await expect(page.getByRole('columnheader', { name: 'Text' })).toHaveCount(1)
  await expect(page.getByRole('button', { name: 'Side by side' })).toBeHidden()
  await expectAccessible(page)
  await page.goto('/packs/kubernetes/compare?from=1.35.5&to=9.9.9')
  await expect(page.getByRole('heading', { name: 'Sample packs has no version 9.9.9' })).toBeVisible()
  await page.goto('/packs/dex/compare')
  await expect(page.getByRole('heading', { name: 'There is nothing to compare it with' })).toBeVisible()
  await expectAccessible(page)
})

test('what the list shows is exported, as CSV and as JSON', async ({ page }) => {
  await page.goto('/packs?layer=cni')
  const save = async (choice: string) => {
    const waiting = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: choice }).click()
    const download = await waiting
    return [download.suggestedFilename(), readFileSync(await download.path(), 'utf8')] as const
  }
  const [csvName, csv] = await save('As CSV, for spreadsheets')
  expect(csvName).toMatch(/^packs-\d{4}-\d\d-\d\d\.csv$/)
  expect(csv.split('\r\n').map((line) => line.split(',', 1)[0])).toEqual([
    ...['name', 'cni-calico', 'cni-cilium', ''],
  ])
  const [, json] = await save('As JSON, for programs')
  expect(JSON.parse(json)).toMatchObject({ count: 2, isCut: false, items: [{ name: 'cni-calico' }, {}] })
})
