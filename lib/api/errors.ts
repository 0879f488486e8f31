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
export function toErrorResponse(error: unknown, requestId: string, request?: Request): Response {
  if (!(error instanceof AppError)) {
    if (hasGone(error, request)) {
      log.debug({ err: error, requestId }, 'Whoever sent a request went away before its answer')
      const message = 'The request ended before all of it was here.'
      return Response.json({ code: 'RequestAborted', message, details: {}, ref: requestId }, { status: 400 })
    }
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

/**
 * Whether a request failed because a browser or program broke it off: Node says "aborted" when the body ends halfway,
 * and what waits for the request's own signal throws an AbortError. Other lost connections are ours, such as the
 * database's.
 */
function hasGone(error: unknown, request?: Request): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && error.code === 'ECONNRESET' && error.message === 'aborted') return true
  return request?.signal.aborted === true && ['AbortError', 'ResponseAborted'].includes(error.name)
}
