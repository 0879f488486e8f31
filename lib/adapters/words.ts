// Without the schemas of schema.ts, so that the browser can know it without them.

export const REGISTRY_KINDS = ['pack', 'oci', 'helm'] as const

/** The rungs of the connection test, in the order in which they are climbed. */
export const CHECK_STEPS = [
  'address',
  'name',
  'connection',
  'tls',
  'http',
  'registry',
  'credentials',
  'catalog',
  'pack',
] as const
