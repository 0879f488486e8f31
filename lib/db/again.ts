import { setTimeout as sleep } from 'node:timers/promises'

import { isToBeRepeated } from './violations'

const TRIES = 6
const FIRST_WAIT_MS = 40

/**
 * Does work of the database, and again where PostgreSQL asks for it: two that touch the same packs may wait for one
 * another, and one of them is sent away.
 *
 * @param work may run more than once
 */
export async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (error) {
      if (!isToBeRepeated(error) || tried === TRIES) throw error
      await sleep(FIRST_WAIT_MS * 2 ** (tried - 1) * Math.random())
    }
  }
}
