import { afterAll, beforeAll, expect, test } from 'vitest'

import { newConsole, send, signIn } from '../../tests/support/console'
import { closeDatabase } from '../db/in-tenant'
import { newUid } from '../uid'
import { ROUTES } from './routes'

/** What no path may hold where a uid, a name or a token stands. */
const MALFORMED = {
  'the NUL character': '%00',
  'half a character': '%ed%a0%80',
  'bytes that are no text': '%ff%fe',
  'a percent sign alone': '%',
  'an escape that is none': '%zz',
  'letters that are not hex': 'zzzzzzzzzzzzzzzzzzzzzzzz',
  'capital hex digits': '65A1F0C2D3E4F5A6B7C8D9E0',
  'a digit too few': newUid().slice(1),
  'five thousand letters': 'a'.repeat(5000),
  'a way out of the folder': '..%2f..%2fetc%2fpasswd',
  'a quote': "'%3b--",
  'a line break': `${newUid()}%0a`,
}
const withParams = Object.entries(ROUTES).filter(([, [, path]]) => path.includes('{'))

let token: { authorization: string }
beforeAll(async () => {
  token = await signIn((await newConsole()).admin)
})
afterAll(closeDatabase)

test.for(Object.entries(MALFORMED))(
  'an address with %s is refused by every operation, with an error in our shape',
  async ([, malformed]) => {
    for (const [id, [method, path]] of withParams) {
      const answer = await send(method, path.replaceAll(/\{\w+\}/g, malformed), {
        headers: token,
        ...(method !== 'GET' && method !== 'DELETE' && { body: {} }),
      })
      const error = await answer.json()
      // Who uses a pack of a name can be asked of any name: nobody uses one that is none.
      if (answer.status === 200 && path.includes('{packName}')) {
        expect(error, id).toEqual({ items: [], continue: '' })
        continue
      }
      expect([answer.status, error], id).toEqual([
        expect.toSatisfy((status: number) => [400, 401, 404].includes(status)),
        {
          code: expect.any(String),
          message: expect.any(String),
          details: expect.anything(),
          ref: expect.any(String),
        },
      ])
    }
  },
)
