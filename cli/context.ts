/** What every command gets besides its own arguments. */
export interface Context {
  /** Where config.json and certs.d are: an absolute path. */
  home: string
  /** Ends everything: Ctrl-C. */
  signal: AbortSignal
  /** Says something beside the result; never a secret. */
  warn(text: string): void
  /** Shows how far something is, on a terminal only. Each call replaces the last; '' takes it away. */
  progress(text: string): void
}

/** A line with the colour that a terminal gives it. */
export interface TonedLine {
  text: string
  tone: 'added' | 'removed' | 'place' | 'heading'
}

/** What a command has to say: `lines` for people, `data` for programs. The door prints one of them. */
export interface Answer {
  data: Record<string, unknown>
  lines: (string | TonedLine)[]
  /** Other than 0 where that was asked for. */
  exitCode?: number
}
