/** The thread of the browser in which large texts are worked on. */

import type { Asked, Told } from './beside'
import { WORK } from './beside-work'

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Asked>) => void
  postMessage: (told: Told) => void
}

scope.onmessage = ({ data: { id, kind, input } }) => {
  try {
    scope.postMessage({ id, output: WORK[kind](input as never) })
  } catch (error) {
    scope.postMessage({ id, problem: error instanceof Error ? error.message : 'It failed.' })
  }
}
