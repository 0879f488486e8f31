import pino, { type Logger } from 'pino'

import type { LogSettings } from './config/schema'

/**
 * The structured log: one JSON object a line on standard error, as Distribution writes it; standard output holds
 * nothing but the line that says where the server listens. No header is ever logged, so no credentials are.
 */
export const createLog = ({ level, fields }: LogSettings): Logger =>
  pino(
    { level, base: fields, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' },
    pino.destination({ dest: 2, sync: true }),
  )
