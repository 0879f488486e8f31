import { expect, test } from 'vitest'

import { type Signs, stateOf, syncStatusOf } from './state'

const calm: Signs = {
  paused: false,
  runId: null,
  requestedBy: '',
  lastOutcome: 'completed',
  dueAt: new Date(),
  failing: 0,
  held: 0,
}

test('a new registry is syncing before its first run begins, and Pending on the wire', () => {
  const fresh = { ...calm, lastOutcome: 'never', requestedBy: 'created' }
  expect([stateOf(fresh), syncStatusOf(fresh)]).toEqual(['syncing', 'Pending'])
})

test('"sync now" is Pending until the run starts, then InProgress', () => {
  expect(syncStatusOf({ ...calm, requestedBy: 'manual' })).toBe('Pending')
  expect(syncStatusOf({ ...calm, runId: 'r' })).toBe('InProgress')
})

test('one that was told of changes and has to wait first is failing until its time comes, not syncing', () => {
  const waits = {
    ...calm,
    lastOutcome: 'failed',
    requestedBy: 'webhook',
    dueAt: new Date(Date.now() + 60_000),
  }
  expect([stateOf(waits), syncStatusOf(waits)]).toEqual(['failing', 'Failed'])
})

test('one that was paused before its first sync is not Pending for ever', () => {
  const paused = { ...calm, paused: true, lastOutcome: 'never', requestedBy: 'created', dueAt: null }
  expect([stateOf(paused), syncStatusOf(paused)]).toEqual(['paused', 'Failed'])
})

test('a registry that is paused says so, but not while its last run still goes on', () => {
  expect(stateOf({ ...calm, paused: true, dueAt: null })).toBe('paused')
  expect(stateOf({ ...calm, paused: true, dueAt: null, runId: 'r' })).toBe('syncing')
})

test('an empty registry that was read is healthy', () => {
  expect([stateOf(calm), syncStatusOf(calm)]).toEqual(['healthy', 'Completed'])
})

test('one unreadable version makes a registry degraded, not failing', () => {
  expect(stateOf({ ...calm, failing: 1 })).toBe('degraded')
})

test('removals that wait for a person come before what could not be read; on the wire the sync is Completed', () => {
  expect(stateOf({ ...calm, failing: 1, held: 11 })).toBe('held')
  expect(syncStatusOf({ ...calm, held: 11 })).toBe('Completed')
  expect(stateOf({ ...calm, lastOutcome: 'failed', held: 11 })).toBe('failing')
})

test('failing tries again by itself, stalled waits for a person; both are Failed on the wire', () => {
  for (const [lastOutcome, state] of [
    ['failed', 'failing'],
    ['stalled', 'stalled'],
  ] as const) {
    expect(stateOf({ ...calm, lastOutcome })).toBe(state)
    expect(syncStatusOf({ ...calm, lastOutcome })).toBe('Failed')
  }
})
