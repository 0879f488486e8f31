import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Logger } from 'pino'

import { NAMED_PACKS, type Notification } from '@/lib/pack-format/notification'

import type { EndpointSettings } from '../config/schema'
import type { Catalog } from '../storage/catalog'
import { send } from './send'

/** Changes that come so close together are told together. */
const TOGETHER_MS = 200
const LONGEST_WAIT_MS = 5 * 60_000

/**
 * Tells the endpoints when packs have changed. One notification waits for each endpoint at most: what changes while it
 * waits or is sent goes with the next, so nothing grows while nobody takes them. What could not be told when the
 * server ends is not lost either: the first one of its next start makes whoever gets it read everything new.
 */
export function notify(
  endpoints: readonly EndpointSettings[],
  catalog: Pick<Catalog, 'revision' | 'onPacksChanged'>,
  log: Logger,
): { end(): Promise<void> } {
  const ended = new AbortController()
  const told = endpoints
    .filter((one) => !one.disabled)
    .map((endpoint) => tell(endpoint, () => catalog.revision, log, ended.signal))
  if (told.length > 0)
    catalog.onPacksChanged = (name) => {
      for (const { change } of told) change(name)
    }
  return {
    async end() {
      ended.abort()
      await Promise.all(told.map((one) => one.running))
    },
  }
}

/** What is to be told next. */
interface Waiting {
  event: Notification['event']
  packs: Set<string>
  more: boolean
}

const nothing = (): Waiting => ({ event: 'changed', packs: new Set(), more: false })

function add(to: Waiting, name: string): void {
  if (to.packs.size < NAMED_PACKS) to.packs.add(name)
  else if (!to.packs.has(name)) to.more = true
}

function tell(endpoint: EndpointSettings, revision: () => string, log: Logger, signal: AbortSignal) {
  const name = endpoint.name || new URL(endpoint.url).host
  let waiting: Waiting | null = { ...nothing(), event: 'started' }
  let wake = () => {}
  /** Whether packs changed since the last attempt. */
  let isNew = false
  /** Until something changes, the server ends, or so long. */
  const untilChange = (ms?: number) =>
    new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  async function run(): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      if (!waiting) {
        await untilChange()
        continue
      }
      await sleep(TOGETHER_MS, undefined, { signal })
      const { event, packs, more }: Waiting = waiting
      waiting = null
      isNew = false
      const notification = { id: randomUUID(), event, at: new Date().toISOString(), revision: revision() }
      const result = await send(endpoint, { ...notification, packs: [...packs], more }, signal)
      if (signal.aborted) return
      if (result.is === 'taken') {
        if (failures > 0) log.info({ endpoint: name }, 'Notifications are taken again')
        failures = 0
        continue
      }
      failures++
      // Whoever is started or updated just now is no reason to worry anybody.
      log[failures === endpoint.threshold || result.is === 'refused' ? 'warn' : 'debug'](
        { endpoint: name, failures, reason: result.reason },
        result.is === 'refused' ? 'A notification was refused' : 'A notification could not be sent',
      )
      // To ask for the same again is of no use: the next change is told again.
      if (result.is === 'refused') continue
      const later: Waiting = waiting ?? nothing()
      for (const one of packs) add(later, one)
      waiting = { ...later, event, more: later.more || more }
      const least = Math.min(Math.max(endpoint.backoff, result.waitMs), LONGEST_WAIT_MS)
      const wait = endpoint.backoff * 2 ** Math.max(0, failures - endpoint.threshold)
      await sleep(least, undefined, { signal })
      // Who pushes just now looks at the console too: nobody waits for the end of a long pause.
      if (!isNew) await untilChange(Math.min(wait, LONGEST_WAIT_MS) - least)
    }
  }

  signal.addEventListener('abort', () => wake())
  const running = run().catch((err) => {
    if (!signal.aborted) log.error({ err, endpoint: name }, 'No more notifications are sent')
  })
  return {
    running,
    change(pack: string) {
      waiting ??= nothing()
      add(waiting, pack)
      isNew = true
      wake()
    },
  }
}
