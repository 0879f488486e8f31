import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const alias = { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') }

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            '{lib,registry,cli,worker,components,tools}/**/*.test.{ts,tsx}',
            'tests/architecture.test.ts',
          ],
          exclude: ['**/*.db.test.ts', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: [
            '{lib,worker,cli,tests/hostile,tests/security}/**/*.db.test.ts',
            'tests/contract/**/*.test.ts',
          ],
          globalSetup: ['tests/support/database.ts'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        // Whole installations that faults happen to: docs/reliability.md
        test: {
          name: 'chaos',
          include: ['tests/chaos/**/*.test.ts'],
          env: { PACKYARD_LOG_LEVEL: 'silent' },
          // Each is five processes that wait more than they work.
          maxWorkers: 2,
          // A fault that breaks something does so again; a machine that is overloaded may not.
          retry: 1,
        },
      },
      {
        extends: true,
        test: {
          name: 'compat',
          include: ['tests/{compat,security}/**/*.test.ts'],
          exclude: ['**/*.db.test.ts'],
          testTimeout: 60_000,
        },
      },
    ],
  },
})
