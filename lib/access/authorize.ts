import { AppError } from '../errors'
import type { Actor, Role } from './actor'

const RESOURCES = {
  packRegistry: ['create', 'delete', 'get', 'list', 'update'],
  clusterProfile: ['create', 'delete', 'get', 'list', 'update', 'publish'],
  pack: ['get', 'list'],
  webhook: ['create', 'delete', 'get', 'list', 'update'],
  feedToken: ['create', 'delete', 'list'],
  apiKey: ['create', 'delete', 'get', 'list', 'update'],
} as const

type Resources = typeof RESOURCES
/** `<resourceKey>.<operation>`, the words of the public API's roles. */
export type Permission = { [K in keyof Resources]: `${K}.${Resources[K][number]}` }[keyof Resources]

const READS = /\.(?:get|list)$/

const GRANTS: Record<Role, (permission: Permission) => boolean> = {
  'tenant-admin': () => true,
  // A viewer makes keys for programs that view, and addresses for those that read feeds.
  // Addresses of webhooks are secrets of their receivers.
  'tenant-viewer': (permission) =>
    (READS.test(permission) && !permission.startsWith('webhook.')) ||
    /^(?:apiKey|feedToken)\./.test(permission),
  system: () => true,
}

export const may = (actor: Actor, permission: Permission): boolean => GRANTS[actor.role](permission)

/** Everything that a role may do. */
export const permissionsOf = (role: Role): Permission[] =>
  Object.entries(RESOURCES)
    .flatMap(([resource, verbs]) => verbs.map((verb) => `${resource}.${verb}` as Permission))
    .filter(GRANTS[role])

/** The first line of every verb. @throws AppError `forbidden` */
export function authorize(actor: Actor, permission: Permission): void {
  if (may(actor, permission)) return
  throw new AppError('forbidden', `Your role does not allow this (${permission}). Ask a tenant admin.`)
}
