const MAX_RETRY_AFTER_SECONDS = 6 * 60 * 60

/** Seconds of `Retry-After`, as a number or a date. Others say nothing. @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function retryAfterSeconds(value: string | null, now = Date.now()): number | undefined {
  const text = value?.trim() ?? ''
  // What Date.parse makes of "-1" is a year.
  if (!/^(?:\d+$|[A-Za-z]{3})/.test(text)) return undefined
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000
  return Number.isFinite(seconds)
    ? Math.min(Math.max(Math.ceil(seconds), 1), MAX_RETRY_AFTER_SECONDS)
    : undefined
}
