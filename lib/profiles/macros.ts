import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { SYSTEM_MACROS } from './rules/macros'

/** What values may refer to besides variables. */
export function listMacros(actor: Actor): typeof SYSTEM_MACROS {
  authorize(actor, 'clusterProfile.get')
  return SYSTEM_MACROS
}
