/**
 * The codes that we answer with, and the status of each: those of the Distribution API, and one of our own for
 * versions that exist already.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes
 */
export const STATUS = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DENIED: 403,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 404,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  PAGINATION_NUMBER_INVALID: 400,
  RANGE_INVALID: 416,
  SIZE_INVALID: 400,
  TAG_IMMUTABLE: 409,
  TAG_INVALID: 400,
  TOOMANYREQUESTS: 429,
  UNAUTHORIZED: 401,
  UNAVAILABLE: 503,
  UNKNOWN: 500,
  UNSUPPORTED: 405,
} as const

export type Code = keyof typeof STATUS

interface Details extends ErrorOptions {
  /** Where the code's own status does not fit. */
  status?: number
  /** Tells programs more. Never a secret. */
  detail?: unknown
  headers?: Record<string, string>
}

/** A refusal that the client can act on. `message` is shown to people as it stands. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError'
  constructor(
    readonly code: Code,
    message: string,
    readonly details: Details = {},
  ) {
    super(message, details)
  }

  get status(): number {
    return this.details.status ?? STATUS[this.code]
  }

  body() {
    const { detail } = this.details
    return { errors: [{ code: this.code, message: this.message, ...(detail !== undefined && { detail }) }] }
  }
}
