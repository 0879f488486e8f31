import type { Fault } from '../fault'
import { DATABASE_FAULTS } from './database'
import { NETWORK_FAULTS } from './network'
import { PROCESS_FAULTS } from './processes'
import { STORAGE_FAULTS } from './storage'

/** All of them, by number. */
export const FAULTS: readonly Fault[] = [
  ...PROCESS_FAULTS,
  ...DATABASE_FAULTS,
  ...NETWORK_FAULTS,
  ...STORAGE_FAULTS,
].sort((a, b) => a.number - b.number)
