/** First and last byte, both included. */
export interface Range {
  start: number
  end: number
}

/**
 * Reads a Range header with one range; several, and other units, are ignored as the RFC allows.
 *
 * @param bytes the size of the whole
 * @returns null where the whole is wanted
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
export function readRange(header: string | undefined, bytes: number): Range | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replaceAll(' ', '') ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return null
  const [, first = '', last = ''] = match
  if (first === '') {
    const wanted = Math.min(Number(last), bytes)
    return wanted === 0 ? 'unsatisfiable' : { start: bytes - wanted, end: bytes - 1 }
  }
  const start = Number(first)
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1)
  if (last !== '' && Number(last) < start) return null
  return start >= bytes ? 'unsatisfiable' : { start, end }
}

/**
 * Reads the Content-Range of an upload's part, `0-1023`, also in the form `bytes 0-1023/*`.
 *
 * @returns null where there is none; 'malformed' for anything else
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-a-blob-in-chunks
 */
export function readContentRange(header: string | undefined): Range | 'malformed' | null {
  if (header === undefined) return null
  const match = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/(?:\d+|\*))?$/.exec(header.trim())
  if (!match) return 'malformed'
  const range = { start: Number(match[1]), end: Number(match[2]) }
  return range.end < range.start ? 'malformed' : range
}
