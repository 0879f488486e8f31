import { NOTIFICATION_LIMIT } from '../../pack-format/notification'
import { operations } from '../operation'
import { Hook, MadeHook } from '../wire/hook'
import { UidParams } from '../wire/parts'

export const hookOperations = operations({
  readHook: { permission: 'packRegistry.get', status: 200, params: UidParams, response: Hook },
  makeHook: { permission: 'packRegistry.update', status: 201, params: UidParams, response: MadeHook },
  endHook: { permission: 'packRegistry.update', status: 204, params: UidParams },
  /** Its body is signed, and read as bytes by the handler. */
  receiveHook: { permission: 'public', status: 202, params: UidParams, maxBodyBytes: NOTIFICATION_LIMIT },
})
