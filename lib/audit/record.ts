import type { Actor } from '../access/actor'
import { newUid } from '../uid'
import { insertEvent } from './store'

/** What happened to what, in words for people. Never a secret: endpoints and names only. */
export interface AuditInput {
  action: 'create' | 'update' | 'delete' | 'publish' | 'action'
  kind: string
  id: string
  name: string
  message: string
}

/** Writes one audit event. @returns its uid, which the API answers as `AuditUid` */
export async function recordAudit(actor: Actor, event: AuditInput): Promise<string> {
  const id = newUid()
  await insertEvent(actor.tenantId, {
    id,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    action: event.action,
    resourceKind: event.kind,
    resourceId: event.id,
    resourceName: event.name,
    message: event.message,
    requestId: actor.requestId,
  })
  return id
}
