import { afterAll, beforeAll, expect, test } from 'vitest'

import { asOperator, closeDatabase } from '@/lib/db/in-tenant'
import { newConsole, PASSWORD, send } from '../support/console'

let world: Awaited<ReturnType<typeof newConsole>>
beforeAll(async () => {
  world = await newConsole()
})
afterAll(closeDatabase)

const signIn = async (emailId: string, password: string, headers: Record<string, string> = {}) => {
  const began = performance.now()
  const response = await send('POST', '/v1/auth/authenticate', { headers, body: { emailId, password } })
  const ms = performance.now() - began
  const text = (await response.text()).replace(/"ref":"[^"]*"/, '')
  return { status: response.status, text, headers: [...response.headers.keys()].join(), ms }
}

test('a wrong password, a stranger and a disabled account are told the same', async () => {
  const { admin, viewer } = world
  await asOperator().user.update({ where: { id: viewer.id }, data: { disabledAt: new Date() } })
  const answers = [
    await signIn(admin.email, 'not the password'),
    await signIn('stranger@example.com', PASSWORD),
    await signIn(viewer.email, PASSWORD),
    await signIn(viewer.email, 'not the password'),
    await signIn('', ''),
  ]
  for (const { ms: _, ...answer } of answers) expect(answer).toEqual({ ...answers[0], ms: undefined })
  expect(answers[0]?.status).toBe(401)
})

test('a stranger takes as long as a person with a wrong password', async () => {
  const median = (all: number[]) => all.toSorted((one, other) => one - other)[all.length >> 1] ?? 0
  const known: number[] = []
  const unknown: number[] = []
  await signIn('first@example.com', 'x') // makes the decoy
  for (let n = 0; n < 15; n++) {
    const one = await newConsole()
    known.push((await signIn(one.admin.email, 'wrong')).ms)
    unknown.push((await signIn(`stranger-${n}@example.com`, 'wrong')).ms)
  }
  // Without the decoy a stranger takes a tenth.
  expect(median(unknown)).toBeGreaterThan(median(known) * 0.6)
  expect(median(known)).toBeGreaterThan(median(unknown) * 0.6)
})

test('who writes other addresses into X-Forwarded-For is slowed down all the same', async () => {
  const { admin } = await newConsole()
  const statuses: number[] = []
  for (let n = 0; n < 7; n++)
    statuses.push((await signIn(admin.email, 'wrong', { 'x-forwarded-for': `203.0.113.${n}` })).status)
  expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401])
  expect(statuses.at(-1)).toBe(429)
  const addresses = { key: { startsWith: 'address:203.0.113.' } }
  expect(await asOperator().signInThrottle.count({ where: addresses })).toBe(0)
})
