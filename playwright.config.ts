import { defineConfig } from '@playwright/test'

import { ADMIN_STATE } from './tests/e2e/world'
import { findBrowser } from './tools/ensure-browser.mjs'

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: '.cache/e2e/results',
  globalSetup: './tests/e2e/global-setup.ts',
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: '.cache/reports/playwright.json' }]],
  use: {
    baseURL: process.env.E2E_BASE_URL,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: findBrowser() ?? undefined,
      args: [
        ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
        ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
      ],
    },
  },
  projects: [
    // Signs in as a person does, and keeps the session for the others.
    { name: 'sign-in', testMatch: 'sign-in.spec.ts' },
    // One console with one database stands under all of them: one after the other.
    {
      name: 'console',
      testIgnore: ['sign-in.spec.ts', 'document.spec.ts'],
      dependencies: ['sign-in'],
      workers: 1,
      use: { storageState: ADMIN_STATE },
    },
    // Beside them: it waits a minute and more for a sync that nobody asks for, of a registry of its own.
    {
      name: 'document',
      testMatch: 'document.spec.ts',
      dependencies: ['sign-in'],
      workers: 1,
      use: { storageState: ADMIN_STATE },
    },
  ],
})
