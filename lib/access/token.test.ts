import { expect, test } from 'vitest'

import { issueToken, readToken, TOKEN_SECONDS } from './token'

const user = { id: '0123456789abcdef01234567', sessionVersion: 3 }
const token = issueToken(user, 'secret', 0)

test('a token says who it is for', () => {
  expect(readToken(token, 'secret', 1000)).toMatchObject({ sub: user.id, sessionVersion: 3 })
})

test('a token is over after 15 minutes', () => {
  expect(readToken(token, 'secret', TOKEN_SECONDS * 1000 + 1)).toBeNull()
})

test('a token of another secret, a changed one and one without signature are refused', () => {
  const [header, body] = token.split('.')
  const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
  for (const bad of [
    issueToken(user, 'other', 0),
    `${token}x`,
    `${none}.${body}.`,
    `${header}.${body}.`,
    'a.b.c',
    '',
  ])
    expect(readToken(bad, 'secret', 1000)).toBeNull()
})
