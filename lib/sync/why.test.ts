import { expect, test } from 'vitest'

import type { Traces } from './store/history'
import type { PackTraces } from './store/traces'
import { type Reading, toAnswer, toPackAnswer } from './why'

const day = (of: number) => new Date(Date.UTC(2026, 0, of))
const well: Reading = {
  ...{ lastSyncedAt: day(9), lastMessage: '', readySince: day(7) },
  ...{ paused: false, pausedBy: '', pausedSince: day(8) },
}
const nothing: Traces = { held: null, failure: null, others: [] }
const held = { createdAt: day(1), goneAt: null, leftOutBy: '', heldAt: null, keptAt: null }
const failure = { reason: 'pack.json is no JSON.', since: day(3) }

const told = (traces: Partial<Traces>, registry = well) => {
  const { state, isHere, since, message, trouble } = toAnswer({ ...nothing, ...traces }, registry)
  return { state, isHere, day: since?.getUTCDate(), message, trouble }
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

test('a registry that is not read well says so where that may be the reason, and since when', () => {
  const lastMessage = 'The registry refused the credentials (401).'
  const failing = { ...well, lastMessage }
  const paused = { ...failing, paused: true, pausedBy: 'Ada' }
  for (const traces of [{}, { held: { ...held, goneAt: day(6) } }]) {
    expect(told(traces).trouble).toBeNull()
    expect(told(traces, failing).trouble).toEqual({
      message: expect.stringContaining(lastMessage),
      since: day(7),
    })
    expect(told(traces, paused).trouble).toEqual({
      message: expect.stringMatching(/^Ada paused its syncs/),
      since: day(8),
    })
  }
  for (const traces of [{ held }, { failure }, { held: { ...held, goneAt: day(6), leftOutBy: 'name' } }])
    expect(told(traces, failing).trouble).toBeNull()
  expect(told({}, { ...failing, lastSyncedAt: null })).toMatchObject({
    ...{ state: 'unread', message: 'The registry has not been read yet.' },
    trouble: { message: expect.stringContaining(lastMessage) },
  })
})

const noPack: PackTraces = {
  ...{ here: 0, newest: [], failing: 0, failure: null, leftOut: 0, rule: null, gone: 0, goneAt: null },
}
const toldOfPack = (traces: Partial<PackTraces>, rule?: 'name') =>
  toPackAnswer({ ...noPack, ...traces }, well, rule)

test('of a whole pack it is told how many versions are here, failed, left out and gone', () => {
  const failed = { failing: 2, failure: { version: '2.0.0', reason: 'It is too large.', since: day(3) } }
  const leftOut = { leftOut: 3, rule: 'newest', goneAt: day(5) } as const
  expect(toldOfPack({ here: 1, newest: ['1.0.0'] })).toMatchObject({
    ...{ state: 'here', isHere: true, message: 'One version is here, the newest is 1.0.0.' },
  })
  expect(toldOfPack({ here: 1_200, newest: ['9.0.0'], gone: 1, ...failed, ...leftOut })).toMatchObject({
    ...{ state: 'failing', isHere: true, since: day(3) },
    message: [
      '1,200 versions are here, the newest is 9.0.0.',
      '2 versions could not be read as listed by now, such as 2.0.0: It is too large. It is tried again at each sync.',
      'Its filter leaves out 3 versions: only the newest versions are taken.',
      'It no longer lists one version that it had.',
    ].join(' '),
  })
  expect(toldOfPack({ ...failed, gone: 1 })).toMatchObject({
    ...{ state: 'failing', isHere: false, since: day(3) },
    message: expect.stringContaining('2.0.0: It is too large.'),
  })
  expect(toldOfPack({ ...leftOut, gone: 1 })).toMatchObject({
    state: 'filtered',
    isHere: false,
    since: day(5),
  })
  expect(toldOfPack({ gone: 4, goneAt: day(6) })).toMatchObject({
    ...{ state: 'gone', since: day(6), message: expect.stringContaining('it had 4 versions') },
  })
  expect(toldOfPack({}, 'name')).toMatchObject({ state: 'filtered', since: null })
  expect(toldOfPack({})).toMatchObject({
    ...{ state: 'unlisted', since: day(9), message: expect.stringContaining('no pack of this name') },
  })
})
