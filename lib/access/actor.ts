/** Who asks. Made at the door, checked in each verb's first line. */
export interface Actor {
  kind: 'user' | 'api-key' | 'system'
  /** Uid of the person whose rights count; `system` for the product's own work. */
  id: string
  name: string
  tenantId: string
  /** Null: the tenant itself. */
  projectId: string | null
  role: Role
  requestId: string
}

export type Role = 'tenant-admin' | 'tenant-viewer' | 'system'
