// Without the schemas of schema.ts, so that the browser can know it without them.

/** How a registry is doing, in one word. */
export const REGISTRY_STATES = [
  'healthy',
  'syncing',
  'degraded',
  'held',
  'failing',
  'stalled',
  'paused',
] as const

/** What a run can do to a version, what a person needs to see first. */
export const RUN_ITEM_KINDS = ['failed', 'held', 'removed', 'changed', 'returned', 'added'] as const
