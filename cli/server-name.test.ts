import { expect, test } from 'vitest'

import { endpointOf, hostOf, parseServer } from './server-name'

test('every spelling of a server is the same server', () => {
  for (const text of [
    'reg.corp:5000',
    'https://reg.corp:5000',
    'reg.corp:5000/',
    'REG.corp:5000/v1/',
    ' reg.corp:5000/v2 ',
  ])
    expect(parseServer(text).name).toBe('reg.corp:5000')
  expect(parseServer('reg.corp:443').name).toBe(parseServer('https://reg.corp').name)
  expect(parseServer('[::1]:5000').name).toBe('[::1]:5000')
  expect(parseServer('reg.corp/packs/v1/').name).toBe('reg.corp/packs')
})

test('a scheme that was written is told from one that was not', () => {
  expect(parseServer('reg.corp').scheme).toBeNull()
  expect(parseServer('https://reg.corp').scheme).toBe('https')
  expect(parseServer('HTTP://reg.corp:80').scheme).toBe('http')
})

test('what is no server is wrong use, and a password in it is not repeated', () => {
  for (const text of ['', 'ftp://reg.corp', 'a b', 'reg.corp?x', 'reg.corp:99999'])
    expect(() => parseServer(text)).toThrow(expect.objectContaining({ code: 'wrong_use' }))
  expect(() => parseServer('https://admin:hunter2@reg.corp')).toThrow(/Leave user name and password out/)
  expect(() => parseServer('https://admin:hunter2@reg.corp')).not.toThrow(/hunter2/)
})

test('address and certificate folder follow from the name', () => {
  expect(endpointOf('reg.corp:5000/packs', true)).toBe('http://reg.corp:5000/packs')
  expect(endpointOf('reg.corp', false)).toBe('https://reg.corp')
  expect(hostOf('reg.corp:5000/packs')).toBe('reg.corp:5000')
})
