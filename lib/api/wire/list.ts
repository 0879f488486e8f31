import { z } from 'zod'

import { AppError } from '../../errors'
import type { ListQuery } from './parts'

const Position = z.object({ offset: z.number().int().min(0).max(1_000_000) })

/** Where a list begins: the token of the page before, else the offset. @throws AppError `invalid` for a forged token */
export function offsetOf(query: ListQuery): number {
  if (query.continue === '') return query.offset
  try {
    return Position.parse(readToken(query.continue)).offset
  } catch (cause) {
    throw forged(cause)
  }
}

const forged = (cause: unknown) =>
  new AppError('invalid', 'The "continue" token is not one of ours. Start the list again without it.', {
    cause,
    fields: { continue: 'Not a token of ours' },
  })

const Keys = z.object({ after: z.tuple([z.string().max(1024), z.string().max(512)]) })

/**
 * Where a list begins that is read along its keys, so that a deep page costs what the first does.
 *
 * @throws AppError `invalid` for a forged token
 */
export function fromOf(query: ListQuery): { offset: number } | { after: [key: string, name: string] } {
  if (query.continue === '') return { offset: query.offset }
  const keys = Keys.safeParse(readToken(query.continue))
  return keys.success ? { after: keys.data.after } : { offset: offsetOf(query) }
}

const Before = z.object({ before: z.string().regex(/^\d{1,18}$/) })

/** Where a list begins that is read along numbers that grow: below this one. @throws AppError `invalid` */
export function idOf(query: Pick<ListQuery, 'continue'>): string | null {
  if (query.continue === '') return null
  const position = Before.safeParse(readToken(query.continue))
  if (!position.success) throw forged(position.error)
  return position.data.before
}

export const tokenOf = (position: object | null): string =>
  position ? Buffer.from(JSON.stringify(position)).toString('base64url') : ''

function readToken(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}

/** The list's position as clients read it. `continue` is empty at the end. */
export function listMeta(query: ListQuery, offset: number, count: number) {
  const next = offset + query.limit
  return { continue: tokenOf(next < count ? { offset: next } : null), count, limit: query.limit, offset }
}
