import { expect, test } from 'vitest'

import type { SyncRun } from './queries'
import { durationOf, failingSince } from './run-words'

const run = (outcome: SyncRun['outcome'], minute: number): SyncRun => ({
  uid: `${minute}`,
  trigger: 'schedule',
  actor: '',
  outcome,
  step: '',
  message: '',
  startedTime: `2026-06-01T12:${String(minute).padStart(2, '0')}:00.000Z`,
  finishedTime: `2026-06-01T12:${String(minute).padStart(2, '0')}:02.500Z`,
  ...{
    listed: 0,
    added: 0,
    changed: 0,
    removed: 0,
    failed: 0,
    held: 0,
    returned: 0,
    requests: 0,
    bytes: 0,
    rows: 0,
  },
})
const now = new Date('2026-06-01T13:00:00Z')

test('a registry fails since the first failure after the last good run', () => {
  const runs = [
    run('failed', 40),
    run('abandoned', 35),
    run('failed', 30),
    run('unchanged', 20),
    run('failed', 10),
  ]
  expect(failingSince(runs)).toBe('2026-06-01T12:30:00.000Z')
})

test('one that is running does not end the failing, a good one does', () => {
  expect(failingSince([run('running', 50), run('failed', 40)])).toBe('2026-06-01T12:40:00.000Z')
  expect(failingSince([run('completed', 50), run('failed', 40)])).toBeNull()
  expect(failingSince([])).toBeNull()
})

test('a run that has not ended has taken the time until now', () => {
  expect(durationOf(run('completed', 1), now)).toBe(2500)
  expect(durationOf({ ...run('running', 59), finishedTime: null }, now)).toBe(60_000)
})
