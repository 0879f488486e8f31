import type { CheckStep } from '@/lib/adapters/schema'
import type { Finding } from '@/lib/pack-format/check-pack'

/** What scripts can tell apart. Part of the command's contract: see the help text in main.ts. */
export const EXIT = { ok: 0, failed: 1, wrongUse: 2, timedOut: 124, interrupted: 130 } as const

/** Why a command did not do what it was asked to. */
export type CliErrorCode =
  | 'wrong_use' // the command line itself
  | 'cancelled'
  | 'unreachable'
  | 'untrusted_certificate'
  | 'not_a_registry'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict' // the version exists with other content
  | 'pack_invalid'
  | 'check_failed' // a step of a connection test
  | 'refused' // the registry said no in another way
  | 'timed_out' // what was waited for goes on without us
  | 'failed'

/** A command ended without success. Message and fix are for people, as they stand, and hold no secret. */
export class CliError extends Error {
  override readonly name = 'CliError'
  constructor(
    readonly code: CliErrorCode,
    message: string,
    /** What to do next. Empty where there is nothing to say. */
    readonly fix = '',
    readonly details: ErrorOptions & {
      findings?: Finding[]
      /** Of a connection test, and how they read. */
      steps?: CheckStep[]
      lines?: string[]
    } = {},
  ) {
    super(message, details)
  }

  get exitCode(): number {
    if (this.code === 'wrong_use') return EXIT.wrongUse
    if (this.code === 'timed_out') return EXIT.timedOut
    return this.code === 'cancelled' ? EXIT.interrupted : EXIT.failed
  }
}
