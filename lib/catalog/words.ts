// Without the schemas of schema.ts, so that the browser can know it without them.

/** What can happen to a version in the catalog. */
export const CHANGE_KINDS = [
  'arrived',
  'added',
  'repushed',
  'deprecated',
  'disabled',
  'deleted',
  'reinstated',
  'gone',
  'returned',
  'eolSet',
  'eolNear',
  'eolReached',
  'leftOut',
  'takenIn',
] as const
