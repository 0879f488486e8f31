import { expect, test } from 'vitest'

import { shownError, withoutSecrets } from './log'

test('credentials are taken out of a line wherever they stand', () => {
  for (const [line, left] of [
    ['GET https://ada:hunter2@registry.example/v2/', 'GET https://[secret]@registry.example/v2/'],
    ['postgresql://app:p%40ss@db:5432/packyard', 'postgresql://[secret]@db:5432/packyard'],
    ['at https://store.example/blob?X-Signature=abc&y=1#z.', 'at https://store.example/blob?[secret]'],
    ['{"msg":"Authorization: Basic YWRhOmh1bnRlcjI="}', '{"msg":"Authorization: Basic [secret]"}'],
    ['bearer eyJhbGciOi.J9-_.x', 'bearer [secret]'],
    ['pyk_abcdefghijklmnop and pyh_abcdefghijklmnop', '[secret] and [secret]'],
  ])
    expect(withoutSecrets(line as string)).toBe(left)
})

test('what holds none stays as it is', () => {
  for (const line of [
    '{"level":30,"url":"https://registry.example:5000/v2/a@sha256:0/","msg":"Is this basic? Yes"}',
    'The registry asks for Basic credentials (401).',
    'mail ada@example.com',
  ])
    expect(withoutSecrets(line)).toBe(line)
})

test('an error of the database is written without the connection that it came from', () => {
  const error = Object.assign(new Error('read ECONNRESET'), {
    code: 'ECONNRESET',
    client: { secretKey: 4711 },
  })
  const line = JSON.stringify(shownError(error))
  expect(JSON.parse(line)).toMatchObject({ type: 'Error', message: 'read ECONNRESET', code: 'ECONNRESET' })
  expect(line).not.toContain('4711')
  expect(shownError('a text')).toBe('a text')
})
