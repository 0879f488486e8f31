import { expect, test } from 'vitest'

import { applyEnvironment, variableOf } from './environment'

test('a variable sets the key at its path', () => {
  const { config } = applyEnvironment({ http: { addr: ':1' } }, { REGISTRY_HTTP_TLS_KEY: 'k' })
  expect(config).toEqual({ http: { addr: ':1', tls: { key: 'k' } } })
})

test('variables are laid over in the order of their names, each replacing what stands there', () => {
  const env = { REGISTRY_AUTH_HTPASSWD_PATH: '/new', REGISTRY_AUTH: 'htpasswd' }
  const { config } = applyEnvironment({ auth: { htpasswd: { realm: 'old', path: '/old' } } }, env)
  expect(config).toEqual({ auth: { htpasswd: { path: '/new' } } })
})

test('texts stay texts, and other values are read as YAML', () => {
  const env = {
    REGISTRY_AUTH_HTPASSWD_REALM: '12',
    REGISTRY_AUTH_HTPASSWD_ROLES_CI: '[push, delete]',
    REGISTRY_LIMITS_BODYIDLE: '5',
    REGISTRY_STORAGE_DELETE_ENABLED: 'false',
  }
  expect(applyEnvironment({}, env).config).toEqual({
    auth: { htpasswd: { realm: '12', roles: { ci: ['push', 'delete'] } } },
    limits: { bodyidle: 5 },
    storage: { delete: { enabled: false } },
  })
})

test('an index sets an item of a list', () => {
  const { config } = applyEnvironment({}, { REGISTRY_HTTP_TLS_CLIENTCAS_0: '/ca.pem' })
  expect(config).toEqual({ http: { tls: { clientcas: ['/ca.pem'] } } })
})

test('the given configuration is not touched, and variables of others are left alone', () => {
  const given = { http: {} }
  expect(applyEnvironment(given, { REGISTRY_HTTP_ADDR: ':1', PATH: 'x' }).unknown).toEqual([])
  expect(given).toEqual({ http: {} })
})

test('a variable reaches no prototype', () => {
  const { unknown } = applyEnvironment({}, { REGISTRY___PROTO___X: '1', REGISTRY_CONSTRUCTOR: '1' })
  expect(unknown).toEqual(['REGISTRY_CONSTRUCTOR', 'REGISTRY___PROTO___X'])
  expect(({} as { x?: unknown }).x).toBeUndefined()
})

test('the variable of a key is its path in capitals', () => {
  expect(variableOf(['http', 'tls', 'clientcas', 0])).toBe('REGISTRY_HTTP_TLS_CLIENTCAS_0')
})
