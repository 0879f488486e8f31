import { z } from 'zod'

import { AppError } from '../../errors'
import type { ListQuery } from './parts'

const Position = z.object({ offset: z.number().int().min(0).max(1_000_000) })

/** Where a list begins: the token of the page before, else the offset. @throws AppError `invalid` for a forged token */
export function offsetOf(query: ListQuery): number {
  if (query.continue === '') return query.offset
  try {
    return Position.parse(JSON.parse(Buffer.from(query.continue, 'base64url').toString('utf8'))).offset
  } catch (cause) {
    throw new AppError(
      'invalid',
      'The "continue" token is not one of ours. Start the list again without it.',
      {
        cause,
        fields: { continue: 'Not a token of ours' },
      },
    )
  }
}

/** The list's position as clients read it. `continue` is empty at the end. */
export function listMeta(query: ListQuery, offset: number, count: number) {
  const next = offset + query.limit
  const token = next < count ? Buffer.from(JSON.stringify({ offset: next })).toString('base64url') : ''
  return { continue: token, count, limit: query.limit, offset }
}
