import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { expect, test } from '@playwright/test'

import { makeCertificate } from '../support/certificates'
import { bundleCli, runCli } from '../support/cli'
import { startRegistryProcess, temporaryDirectory, variablesFor } from '../support/registry-process'

const PACK = 'packs/prometheus-3.14.0'
/** The shortest interval, and as much again for a machine that is busy. */
const NEXT_SYNC_MS = 130_000

/** The certificate of the document's own line; without openssl one like it, which has no alternative name either. */
async function documentCertificate(directory: string): Promise<{ cert: string; key: string }> {
  const at = (name: string) => path.join(directory, name)
  try {
    execFileSync(
      'openssl',
      [
        ...['req', '-newkey', 'rsa:4096', '-nodes', '-sha256', '-keyout', at('tls.key'), '-x509'],
        ...['-days', '365', '-out', at('tls.crt'), '-subj', '/CN=localhost'],
      ],
      { stdio: 'ignore' },
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const { cert, key } = await makeCertificate('localhost', { names: null })
    await Promise.all([writeFile(at('tls.crt'), cert), writeFile(at('tls.key'), key, { mode: 0o600 })])
  }
  return { cert: at('tls.crt'), key: at('tls.key') }
}

test('an empty registry over TLS is registered, filled with the command line, synced by itself and used in a profile', async ({
  page,
}) => {
  test.setTimeout(240_000)
  const directory = await temporaryDirectory()
  const certificate = await documentCertificate(directory)
  const registry = await startRegistryProcess({
    ...(await variablesFor(directory, { admin: 'admin' })),
    REGISTRY_HTTP_TLS_CERTIFICATE: certificate.cert,
    REGISTRY_HTTP_TLS_KEY: certificate.key,
  })
  try {
    const server = `localhost:${new URL(registry.url).port}`
    const name = `Own registry ${Date.now().toString(36)}`

    // Register it, as a tenant admin.
    await page.goto('/admin/settings/pack-registries')
    await page.getByRole('link', { name: 'Add New Pack Registry' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByLabel('Endpoint').fill(`https://${server}`)
    await page.getByLabel('User name').fill('admin')
    await page.getByLabel('Password').fill('admin')
    await page.getByRole('textbox', { name: 'CA certificate' }).fill(await readFile(certificate.cert, 'utf8'))
    await page.getByLabel('Sync every').selectOption({ label: '1 minute' })
    await page.getByRole('button', { name: 'Confirm' }).click()

    await expect(page).toHaveURL(/\/admin\/settings\/pack-registries$/)
    const row = page.getByRole('row').filter({ hasText: name })
    await expect(row).toContainText('Healthy')
    await expect(row.getByRole('cell', { name: /^Packs/ })).toHaveText('Packs 0')

    // Push a pack. The host trusts the certificate, as the document asks.
    const cli = await bundleCli(directory)
    process.env.SSL_CERT_FILE = certificate.cert
    const packyard = async (...args: string[]) => {
      const run = await runCli(cli, directory, args)
      expect(run.code, run.stderr).toBe(0)
      return run.stdout
    }
    expect(
      await packyard('registry', 'login', server, '--username', 'admin', '--password', 'admin'),
    ).toContain('Login Succeeded')
    await packyard('pack', 'push', PACK, '-r', server)

    // Nobody clicks: the next periodic sync brings it.
    await expect(row.getByRole('cell', { name: /^Packs/ })).toHaveText('Packs 1', { timeout: NEXT_SYNC_MS })
    await expect(row).toContainText('Healthy')

    // Use it in a profile.
    await page.goto('/profiles/new')
    await page.getByLabel('Name', { exact: true }).fill(`metrics-${Date.now().toString(36)}`)
    await page.getByRole('radio', { name: /^Add-on/ }).check()
    const stack = page.getByRole('list', { name: 'The stack' })
    await stack.getByRole('button', { name: 'Add an add-on' }).click()
    await page.getByLabel('Registry').selectOption({ label: name })
    await page.getByRole('list', { name: 'Packs' }).getByRole('button', { name: 'Prometheus' }).click()
    await expect(page.getByRole('region', { name: 'Prometheus', exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Publish' }).click()
    await expect(page).toHaveURL(/\/profiles\/[0-9a-f]{24}(?:\?|$)/)
    await expect(page.getByText('Published', { exact: true })).toBeVisible()
    await expect(stack.getByRole('listitem')).toHaveText([/Prometheus.*3\.14\.0/])
  } finally {
    await registry.end()
    delete process.env.SSL_CERT_FILE
  }
})
