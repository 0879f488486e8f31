import { Facet } from '@codemirror/state'

import { type Knowledge, NOTHING } from './knowledge'

/** Where the parts of the editor find what it knows. */
export const knowledge = Facet.define<Knowledge, Knowledge>({
  combine: (values) => values[0] ?? NOTHING,
})
