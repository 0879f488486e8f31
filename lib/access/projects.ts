import type { Actor } from './actor'
import { findProjects } from './store'

/** The projects of the tenant. Whoever is signed in may know their names. */
export const listProjects = (actor: Actor) => findProjects(actor.tenantId)
