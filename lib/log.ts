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

/** What looks like a credential in any text: in an address, after an address, as a header, as a key of ours. */
const SHAPES: [RegExp, string][] = [
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s"'/@\\]*@/gi, '$1[secret]@'],
  [/(\bhttps?:\/\/[^\s"'?\\]+\?)[^\s"'\\]+/gi, '$1[secret]'],
  [/\b(basic|bearer)\s+(?=[\w+/=.~-]*[\d+/=._])[\w+/=.~-]{8,}/gi, '$1 [secret]'],
  [/\bpy[kh]_[\w-]{10,}/g, '[secret]'],
]

/** A line of the log as it may be written, whatever was put into it. */
export const withoutSecrets = (line: string): string =>
  SHAPES.reduce((text, [shape, instead]) => text.replace(shape, instead), line)

/** An error as it may be written. The database's driver hangs its whole connection on one, with the key to its queries. */
export const shownError = (error: unknown): unknown =>
  error instanceof Error ? { ...pino.stdSerializers.err(error), client: undefined } : error

/**
 * The structured log: one JSON object a line on standard output. Secrets are taken out by field name up to three
 * levels deep, and by their looks from the whole line; whoever logs an error passes it as `err`, whose message must
 * hold none (lib/errors.ts).
 */
export const log = pino({
  level: process.env.PACKYARD_LOG_LEVEL ?? 'info',
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  hooks: { streamWrite: withoutSecrets },
  serializers: { err: shownError },
  redact: {
    paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
    censor: '[secret]',
  },
})
