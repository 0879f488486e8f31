import { randomBytes } from 'node:crypto'
import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { keyRing } from '../crypto/operator-keys'
import { seal } from '../crypto/seal'
import { AppError } from '../errors'
import { openHook } from '../registries/open'
import { hookOwner } from '../registries/secret'
import { findRegistry } from '../registries/store'
import { findHook, findSealedHook, writeHook } from './store'

const SECRET_BYTES = 32

/** @returns what signs notifications: 256 random bits, and nothing that a shell or YAML reads as its own */
export const makeHookSecret = (): string => `pyh_${randomBytes(SECRET_BYTES).toString('base64url')}`

/**
 * Lets a registry notify us, with a new secret: one that it had before is good no more. It is told once and never again.
 *
 * @throws AppError `not_found`
 */
export async function makeHook(actor: Actor, id: string): Promise<string> {
  authorize(actor, 'packRegistry.update')
  return write(actor, id, makeHookSecret())
}

/** Lets a registry notify us with a secret that it has already: the bundled one, by the launcher. @throws AppError `not_found` */
export async function takeHook(actor: Actor, id: string, secret: string): Promise<void> {
  authorize(actor, 'packRegistry.update')
  const held = await findSealedHook(id)
  if (!held || openHook(id, held.sealed) !== secret) await write(actor, id, secret)
}

async function write(actor: Actor, id: string, secret: string): Promise<string> {
  const registry = await mustFind(actor, id)
  const isNew = (await findHook(actor.tenantId, id)) === null
  await writeHook(actor.tenantId, id, seal(secret, hookOwner(id), keyRing()))
  await recordAudit(actor, {
    action: 'update',
    kind: 'registry',
    id,
    name: registry.name,
    message: isNew ? 'Turned push notifications on' : 'Made a new secret for push notifications',
  })
  return secret
}

/** Notifications of a registry are refused from now on. @throws AppError `not_found` */
export async function endHook(actor: Actor, id: string): Promise<void> {
  authorize(actor, 'packRegistry.update')
  const registry = await mustFind(actor, id)
  if ((await findHook(actor.tenantId, id)) === null) return
  await writeHook(actor.tenantId, id, null)
  await recordAudit(actor, {
    action: 'update',
    kind: 'registry',
    id,
    name: registry.name,
    message: 'Turned push notifications off',
  })
}

async function mustFind(actor: Actor, id: string) {
  const registry = await findRegistry(actor.tenantId, id)
  if (!registry) throw new AppError('not_found', 'There is no such registry.')
  return registry
}
