import { expect, test } from 'vitest'

import { loadConfig } from '@/registry/config/load'

import { toHookLines } from './hook-lines'

const made = {
  url: 'https://packyard.example.com/v1/packyard/hooks/registries/0123456789abcdef01234567',
  secret: 'pyh_AbC-_0123456789',
}

test('the lines to paste are what the registry server reads, as variables too', async () => {
  const { file, variables } = toHookLines(made)
  const { parse } = await import('yaml')
  const endpoint = { name: 'packyard', ...made }
  expect(parse(file)).toEqual({ notifications: { endpoints: [endpoint] } })
  const env = Object.fromEntries(variables.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)))
  const { config, warnings } = await loadConfig(undefined, env)
  expect([config.notifications.endpoints, warnings]).toMatchObject([[made], []])
})
