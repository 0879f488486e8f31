import { expect, test } from 'vitest'

import { conditionsOf, type Observed } from './conditions'
import { RegistryCondition } from './schema'

const now = new Date('2026-06-01T12:00:00Z')
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)

const calm: Observed = {
  ...{
    paused: false,
    runId: null,
    requestedBy: '',
    lastOutcome: 'completed',
    dueAt: now,
    failing: 0,
    held: 0,
  },
  ...{
    lastStep: '',
    lastMessage: '',
    lastFix: '',
    lastSyncedAt: ago(3),
    syncEveryMinutes: 5,
    progress: null,
  },
  ...{ pausedBy: '', settingsRevision: 3, runRevision: 2, observedRevision: 2 },
  ...{
    readySince: ago(60),
    syncingSince: ago(3),
    stalledSince: ago(90),
    heldSince: ago(90),
    freshSince: ago(60),
  },
}
const read = (change: Partial<Observed>) => {
  const all = conditionsOf({ ...calm, ...change }, now)
  for (const one of all) RegistryCondition.parse(one)
  expect(all.map((one) => one.type)).toEqual(['Ready', 'Syncing', 'Stalled', 'Held', 'Fresh'])
  const [ready, syncing, stalled, held, fresh] = all
  if (!ready || !syncing || !stalled || !held || !fresh) throw new Error('One is missing')
  return { ready, syncing, stalled, held, fresh }
}
const refused = {
  ...{ lastOutcome: 'stalled', lastStep: 'credentials', dueAt: null },
  ...{ lastMessage: 'The registry refused the credentials.', lastFix: 'Check user name and password.' },
}

test('a registry that does well is Ready and Fresh, with the time since when and the settings that it is about', () => {
  expect(read({})).toEqual({
    ready: {
      ...{ type: 'Ready', status: 'True', reason: 'CatalogRead', since: ago(60), observedRevision: 2 },
      message: 'All that it lists is in the catalog.',
    },
    syncing: {
      ...{ type: 'Syncing', status: 'False', reason: 'WaitsForInterval', since: ago(3), observedRevision: 3 },
      message: 'The next sync comes by itself, every 5 minutes.',
    },
    stalled: expect.objectContaining({ status: 'False', reason: 'NothingToChange', since: ago(90) }),
    held: expect.objectContaining({ status: 'False', reason: 'NothingHeld' }),
    fresh: {
      ...{ type: 'Fresh', status: 'True', reason: 'WithinInterval', since: ago(60), observedRevision: 2 },
      message: 'Read 3 minutes ago, every 5 minutes.',
    },
  })
})

test('a catalog that is older than its interval allows is not Fresh, since the moment that it became too old', () => {
  const { ready, fresh } = read({ lastSyncedAt: ago(180) })
  expect(ready.status).toBe('True')
  expect(fresh).toMatchObject({ status: 'False', reason: 'TooOld', since: ago(180 - 15.5) })
  expect(fresh.message).toBe('Read 3 hours ago, every 5 minutes: too long ago.')
  expect(read({ lastSyncedAt: ago(180), syncEveryMinutes: 1440 }).fresh.status).toBe('True')
})

test('one that nobody can read until a person changes something is Stalled, and says what to change', () => {
  const message = 'The registry refused the credentials. Check user name and password.'
  const { ready, stalled, syncing } = read(refused)
  expect(ready).toMatchObject({ status: 'False', reason: 'CredentialsRefused', message })
  expect(stalled).toMatchObject({ status: 'True', reason: 'CredentialsRefused', message })
  expect(syncing).toMatchObject({ status: 'False', reason: 'WaitsForChange' })
})

test('one that is tried again is not Ready and not Stalled', () => {
  const { ready, stalled, syncing } = read({ ...refused, lastOutcome: 'failed', lastStep: 'connection' })
  expect([ready.reason, stalled.status, syncing.reason]).toEqual(['NotConnected', 'False', 'WaitsForRetry'])
})

test('versions that could not be read, and removals that wait, leave it Ready and are told', () => {
  expect(read({ failing: 1 }).ready).toMatchObject({ status: 'True', reason: 'SomeVersionsNotReadable' })
  expect(read({ failing: 1 }).ready.message).toContain('1 version could not be read')
  const { ready, held } = read({ held: 1_200 })
  expect(ready.status).toBe('True')
  expect(held).toMatchObject({ status: 'True', reason: 'ManyRemovals', since: ago(90) })
  expect(held.message).toContain('1,200 versions')
})

test('a new registry is Unknown and queued; one paused before its first sync says so and who paused it', () => {
  const fresh = { lastOutcome: 'never', lastSyncedAt: null, observedRevision: 0 }
  const waiting = read({ ...fresh, requestedBy: 'created' })
  expect(waiting.ready).toMatchObject({ status: 'Unknown', reason: 'NotSyncedYet', observedRevision: 0 })
  expect([waiting.syncing.reason, waiting.fresh.reason]).toEqual(['Queued', 'NeverRead'])
  const paused = read({ ...fresh, requestedBy: 'created', paused: true, pausedBy: 'Ada', dueAt: null })
  expect(paused.ready).toMatchObject({ status: 'Unknown', reason: 'PausedBeforeFirstSync' })
  expect(paused.syncing).toMatchObject({ status: 'False', reason: 'Paused' })
  expect(paused.syncing.message).toBe('Ada paused it. Nothing is read until somebody resumes it.')
})

test('a running sync says what it does, about the settings that it began with', () => {
  const progress = { step: 'reading', done: 1, of: 2, perSecond: 1, failed: 0, requests: 1, bytes: 1 }
  const running = { runId: 'a', runRevision: 3, progress }
  expect(read(running).syncing).toMatchObject({ status: 'True', reason: 'Reading', observedRevision: 3 })
  expect(read({ ...running, progress: null }).syncing.reason).toBe('Connecting')
})
