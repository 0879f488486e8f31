import { expect, test } from 'vitest'

import { chooseServer } from './connect'

const login = { auth: 'YTpi' }

test('the registry that is named is meant, else the default, else the only login', () => {
  const two = { auths: { a: login, b: login } }
  expect(chooseServer({ ...two, defaultRegistry: 'b' }, 'https://c/v1/')).toBe('c')
  expect(chooseServer({ ...two, defaultRegistry: 'b' }, undefined)).toBe('b')
  expect(chooseServer({ auths: { a: login } }, undefined)).toBe('a')
})

test('without a login, or with several and no default, it has to be named', () => {
  expect(() => chooseServer({ auths: {} }, undefined)).toThrow(expect.objectContaining({ code: 'wrong_use' }))
  expect(() => chooseServer({ auths: { a: login, b: login } }, undefined)).toThrow(
    '2 logins without a default',
  )
})

test('plain HTTP is spoken only where a login said so', () => {
  expect(() => chooseServer({ auths: { r: login } }, 'http://r')).toThrow(/plain HTTP/)
  expect(chooseServer({ auths: { r: { ...login, http: true } } }, 'http://r')).toBe('r')
})
