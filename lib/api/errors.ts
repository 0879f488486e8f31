import { AppError, type ErrorCode, HTTP_STATUS } from '../errors'
import { log } from '../log'

/** Our codes in the words of the public API. */
const WIRE_CODES: Record<ErrorCode, string> = {
  invalid: 'InvalidRequest',
  unauthenticated: 'Unauthenticated',
  forbidden: 'OperationForbidden',
  not_found: 'ResourceNotFound',
  conflict: 'ResourceConflict',
  too_large: 'RequestTooLarge',
  check_failed: 'ConnectionCheckFailed',
  too_many: 'TooManyRequests',
  remote_unavailable: 'RegistryUnavailable',
}

/** The one place where errors become answers: `{code, message, details, ref}`. Unknown ones are masked and logged. */
export function toErrorResponse(error: unknown, requestId: string): Response {
  if (!(error instanceof AppError)) {
    log.error({ err: error, requestId }, 'A request met an error of our own')
    const message = 'The console met an error of its own. The log tells more under this reference.'
    return Response.json({ code: 'InternalError', message, details: {}, ref: requestId }, { status: 500 })
  }
  const { code, message, details } = error
  return Response.json(
    {
      code: WIRE_CODES[code],
      message,
      details: { ...(details.fields && { fields: details.fields }), ...(details.data as object | undefined) },
      ref: requestId,
    },
    {
      status: HTTP_STATUS[code],
      headers: details.retryAfterSeconds ? { 'retry-after': String(details.retryAfterSeconds) } : {},
    },
  )
}
