import { createHmac, timingSafeEqual } from 'node:crypto'

import { z } from 'zod'

import { env } from '../../env'
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
  new AppError('invalid', 'The "continue" token is not one of this list. Start the list again without it.', {
    cause,
    fields: { continue: 'Not a token of this list' },
  })

type From = { offset: number } | { after: [key: string, name: string] }

const Keys = z.object({ after: z.tuple([z.string(), z.string()]), by: z.string() })

const signatureOf = (after: readonly string[], list: string) =>
  createHmac('sha256', env().NEXTAUTH_SECRET)
    .update(JSON.stringify(['packyard page', list, ...after]))
    .digest()
    .subarray(0, 16)

/**
 * Where a list begins that is read along its keys, so that a deep page costs what the first does. Keys become part of a
 * query as they stand, so only ours are taken: those of `pageTokenOf` for the same list.
 *
 * @param list whose it is, and in which order
 * @throws AppError `invalid` for a forged token, or one of another list
 */
export function fromOf(query: ListQuery, list: string): From {
  if (query.continue === '') return { offset: query.offset }
  const keys = Keys.safeParse(readToken(query.continue))
  if (!keys.success) return { offset: offsetOf(query) }
  const { after, by } = keys.data
  const [theirs, ours] = [Buffer.from(by, 'base64url'), signatureOf(after, list)]
  if (theirs.length !== ours.length || !timingSafeEqual(theirs, ours)) throw forged(null)
  return { after }
}

/** The token by which `fromOf` finds the place again. Empty at the end of the list. */
export function pageTokenOf(next: From | null, list: string): string {
  if (next === null || 'offset' in next) return tokenOf(next)
  return tokenOf({ ...next, by: signatureOf(next.after, list).toString('base64url') })
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
export function listMeta(query: ListQuery, offset: number, count: number, shown = query.limit) {
  const next = offset + shown
  return { continue: tokenOf(next < count ? { offset: next } : null), count, limit: query.limit, offset }
}
