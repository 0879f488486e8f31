/** Each way a request can fail that its caller can act on. Anything else is a bug and becomes a 500. */
export const HTTP_STATUS = {
  invalid: 400, // the input is wrong: shown at the field
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404, // also what another tenant's row looks like
  conflict: 409,
  too_large: 413,
  check_failed: 422, // the connection test failed: `steps` says where
  too_many: 429,
  remote_unavailable: 502, // the registry did not answer: trying again may help
} as const

export type ErrorCode = keyof typeof HTTP_STATUS

export interface ErrorDetails extends ErrorOptions {
  /** One message for each field at fault, by its dotted path in the request. */
  fields?: Record<string, string>
  /** What else the caller can use, for example the steps of a connection test. Never a secret. */
  data?: unknown
  /** Seconds after which trying again makes sense. */
  retryAfterSeconds?: number
}

/** `message` is shown to people as it stands. The technical reason belongs in `cause`, which is only logged. */
export class AppError extends Error {
  override readonly name = 'AppError'
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message, details)
  }
}
