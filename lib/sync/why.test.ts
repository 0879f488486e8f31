import { expect, test } from 'vitest'

import type { Traces } from './store/history'
import { toAnswer } from './why'

const day = (of: number) => new Date(Date.UTC(2026, 0, of))
const well = { lastSyncedAt: day(9), lastMessage: '', paused: false }
const nothing: Traces = { held: null, failure: null, others: [] }
const held = { createdAt: day(1), goneAt: null, leftOutBy: '', heldAt: null, keptAt: null }
const failure = { reason: 'pack.json is no JSON.', since: day(3) }

const told = (traces: Partial<Traces>, registry = well) => {
  const { state, isHere, since, message } = toAnswer({ ...nothing, ...traces }, registry)
  return { state, isHere, day: since?.getUTCDate(), message }
}

test('each thing that is known of a version is an answer of its own, with its date', () => {
  expect(told({ held })).toMatchObject({ state: 'here', isHere: true, day: 1 })
  expect(told({ held: { ...held, heldAt: day(4) } })).toMatchObject({ state: 'held', isHere: true, day: 4 })
  expect(told({ held: { ...held, heldAt: day(4), keptAt: day(5) } })).toMatchObject({ state: 'kept', day: 5 })
  expect(told({ held: { ...held, goneAt: day(6) } })).toMatchObject({ state: 'gone', isHere: false, day: 6 })
  expect(told({ held: { ...held, goneAt: day(6), leftOutBy: 'newest' } })).toMatchObject({
    ...{ state: 'filtered', isHere: false, day: 6 },
    message: expect.stringContaining('only the newest versions are taken'),
  })
  expect(told({ failure })).toMatchObject({
    ...{ state: 'failing', isHere: false, day: 3, message: expect.stringContaining('pack.json is no JSON.') },
  })
  expect(told({ held, failure })).toMatchObject({ state: 'failing', isHere: true, day: 3 })
})

test('what was never listed names the versions that are, or says that there is no such pack', () => {
  expect(told({ others: ['1.1.0', '1.0.0'] })).toMatchObject({
    ...{ state: 'unlisted', day: 9, message: expect.stringContaining('Of this pack it lists 1.1.0, 1.0.0.') },
  })
  expect(told({})).toMatchObject({ message: expect.stringContaining('It lists no pack of this name.') })
})

test('a registry that is not read well says so where that may be the reason', () => {
  const lastMessage = 'The registry refused the credentials (401).'
  expect(told({}, { ...well, lastMessage }).message).toContain(lastMessage)
  expect(told({}, { ...well, paused: true }).message).toContain('paused')
  expect(told({ held }, { ...well, lastMessage }).message).toBe('It is here.')
  expect(told({}, { ...well, lastSyncedAt: null as never, lastMessage })).toMatchObject({
    ...{ state: 'unread', message: `The registry has not been read yet. ${lastMessage}` },
  })
})
