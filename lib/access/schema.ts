import { z } from 'zod'

import type { Permission } from './authorize'

/** Who is signed in, as a page may know it. */
export interface Session {
  user: { uid: string; name: string; email: string }
  tenant: { uid: string; name: string }
  /** What this person may do: what they may not is shown disabled, with the reason. */
  permissions: Permission[]
}

// No line ends and control characters, and nothing that turns the text around it.
const ONE_LINE = /^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u
const SHOWS = /[\p{L}\p{N}\p{P}\p{S}]/u

/** What people call a thing of theirs: one line that shows. */
export const Name = z
  .string()
  .trim()
  .min(1, 'Enter a name')
  .max(63, 'Use at most 63 characters')
  .regex(ONE_LINE, 'Use one line, without control characters')
  .regex(SHOWS, 'Use letters or digits')
