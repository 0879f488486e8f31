/** The entity tags of a header, with their quotes, as strong ones. */
export const tagsOf = (ifNoneMatch: string | undefined): string[] =>
  (ifNoneMatch ?? '')
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .filter(Boolean)

/**
 * Whether the client holds this state already.
 *
 * @param etag with its quotes
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
export function isHeld(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = tagsOf(ifNoneMatch)
  return tags.includes('*') || tags.includes(etag)
}
