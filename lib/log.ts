import pino from 'pino'

/** Fields that hold a secret wherever they stand. */
const SECRET_FIELDS = [
  'password',
  'token',
  'secret',
  'apiKey',
  'authorization',
  'cookie',
  'sealedSecret',
  'passwordHash',
  'key',
]

/**
 * The structured log: one JSON object a line on standard output. Secrets are taken out by field name up to three
 * levels deep; whoever logs an error passes it as `err`, whose message must hold none (lib/errors.ts).
 */
export const log = pino({
  level: process.env.PACKYARD_LOG_LEVEL ?? 'info',
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: {
    paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
    censor: '[secret]',
  },
})
