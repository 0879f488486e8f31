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
