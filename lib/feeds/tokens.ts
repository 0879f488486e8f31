import { createHash, randomBytes } from 'node:crypto'

import type { Actor, Role } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { newUid } from '../uid'
import {
  countTokens,
  deleteToken,
  findTokenByHash,
  findTokens,
  insertToken,
  noteTokenUse,
  type ShownToken,
} from './store'

const TOKEN_BYTES = 24
const MAX_TOKENS = 20
const TOKEN = /^pyf_[\w-]{32}$/

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')

/** The feed addresses of the person who asks, newest first. */
export function listFeedTokens(actor: Actor): Promise<ShownToken[]> {
  authorize(actor, 'feedToken.list')
  return findTokens(actor.tenantId, actor.id)
}

/**
 * Makes a token that reads feeds and nothing else, for programs that send no headers: it stands in the address. It is
 * told once and never again: only its hash is kept.
 *
 * @throws AppError `conflict` when the person has one of that name, or too many
 */
export async function createFeedToken(actor: Actor, name: string): Promise<{ id: string; token: string }> {
  authorize(actor, 'feedToken.create')
  if ((await countTokens(actor.tenantId, actor.id)) >= MAX_TOKENS)
    throw new AppError(
      'conflict',
      `You have ${MAX_TOKENS} feed addresses. Revoke one that is no longer used.`,
    )
  const token = `pyf_${randomBytes(TOKEN_BYTES).toString('base64url')}`
  const id = newUid()
  await insertToken(actor.tenantId, { id, userId: actor.id, name, hash: hashOf(token) })
  await recordAudit(actor, { action: 'create', kind: 'feedToken', id, name, message: 'Made a feed address' })
  return { id, token }
}

/** Ends a feed address of the person who asks. @throws AppError `not_found` */
export async function removeFeedToken(actor: Actor, id: string): Promise<void> {
  authorize(actor, 'feedToken.delete')
  const name = await deleteToken(actor.tenantId, actor.id, id)
  if (name === null) throw new AppError('not_found', 'You have no such feed address.')
  await recordAudit(actor, {
    action: 'delete',
    kind: 'feedToken',
    id,
    name,
    message: 'Revoked a feed address',
  })
}

/** Who reads a feed with a token. @throws AppError `unauthenticated` when it is none, or its person may not sign in */
export async function readerOf(token: string, requestId: string): Promise<Actor> {
  const found = TOKEN.test(token) ? await findTokenByHash(hashOf(token)) : null
  if (!found || found.user.disabledAt)
    throw new AppError('unauthenticated', 'This feed address was revoked, or never was one. Make a new one.')
  await noteTokenUse(found.tenantId, found.id)
  const { id, name, role } = found.user
  return {
    kind: 'api-key',
    id,
    name,
    tenantId: found.tenantId,
    projectId: null,
    role: role as Role,
    requestId,
  }
}
