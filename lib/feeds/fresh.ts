import { createHash } from 'node:crypto'

/** What names this very answer. */
export const etagOf = (body: string): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 32)}"`

/**
 * Whether who asks has this answer already. Where a tag is sent the date is not looked at.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 */
export function isFresh(request: Headers, etag: string, modifiedAt: Date): boolean {
  const tags = request.get('if-none-match')
  if (tags !== null)
    return tags
      .slice(0, 4096)
      .split(',')
      .some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag)
  const since = Date.parse(request.get('if-modified-since') ?? '')
  // The header tells whole seconds.
  return !Number.isNaN(since) && Math.floor(modifiedAt.getTime() / 1000) * 1000 <= since
}
