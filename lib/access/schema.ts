import type { Permission } from './authorize'

/** Who is signed in, as a page may know it. */
export interface Session {
  user: { uid: string; name: string; email: string }
  tenant: { uid: string; name: string }
  /** What this person may do: what they may not is shown disabled, with the reason. */
  permissions: Permission[]
}
