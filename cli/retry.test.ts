import { expect, test } from 'vitest'

import { OutboundError } from '@/lib/outbound/errors'
import { BusyError, RETRY, withRetry } from './retry'

const signal = new AbortController().signal
const reset = () => new OutboundError('reset', 'The server broke the connection.')

test('what may pass is tried again, what cannot is not', async () => {
  let calls = 0
  const once = withRetry(async () => {
    if (calls++ === 0) throw reset()
    return 'done'
  }, signal)
  expect(await once).toBe('done')
  for (const error of [
    new OutboundError('tls_unknown_ca', 'x'),
    new OutboundError('refused', 'x'),
    new Error('x'),
  ]) {
    let tries = 0
    const failing = withRetry(async () => {
      tries++
      throw error
    }, signal)
    await expect(failing).rejects.toBe(error)
    expect(tries).toBe(1)
  }
})

test('patience ends, with the last reason', { timeout: 20_000 }, async () => {
  let tries = 0
  const last = new Error('The registry is busy.')
  const failing = withRetry(async () => {
    tries++
    throw new BusyError(last, undefined)
  }, signal)
  await expect(failing).rejects.toBe(last)
  expect(tries).toBe(RETRY.attempts)
})

test('work that comes further has all its patience again', { timeout: 20_000 }, async () => {
  let tries = 0
  const failing = withRetry(
    async () => {
      tries++
      throw reset()
    },
    signal,
    () => tries <= 2,
  )
  await expect(failing).rejects.toThrow('broke the connection')
  expect(tries).toBe(RETRY.attempts + 1)
})

test('an interruption ends the waiting', async () => {
  const stop = new AbortController()
  const failing = withRetry(async () => {
    setTimeout(() => stop.abort(), 10)
    throw new BusyError(new Error('busy'), 20)
  }, stop.signal)
  await expect(failing).rejects.toThrow(/abort/i)
})
