import { RE2JS } from 're2js'

const PATTERN_MAX = 1024
const SUBJECT_MAX = 8192
const CACHED = 500

const cache = new Map<string, RE2JS | string>()

/** A pattern is an RE2 expression: matched in time linear to its subject, whatever it says. */
function compile(pattern: string): RE2JS | string {
  const held = cache.get(pattern)
  if (held !== undefined) return held
  let compiled: RE2JS | string
  if (pattern.length > PATTERN_MAX) compiled = `it is longer than ${PATTERN_MAX} characters`
  else
    try {
      compiled = RE2JS.compile(pattern)
    } catch (error) {
      compiled = (error instanceof Error ? error.message : 'it cannot be read').replace(
        /^error parsing regexp: /,
        '',
      )
    }
  if (cache.size >= CACHED) cache.clear()
  cache.set(pattern, compiled)
  return compiled
}

/** What keeps a text from being a regular expression of RE2; null for nothing. */
export function patternProblem(pattern: string): string | null {
  const compiled = compile(pattern)
  return typeof compiled === 'string' ? compiled : null
}

/** Whether the pattern is found in the subject. One that cannot be read finds nothing wrong; a subject is read so far. */
export function matches(pattern: string, subject: string): boolean {
  const compiled = compile(pattern)
  return typeof compiled === 'string' || compiled.matcher(subject.slice(0, SUBJECT_MAX)).find()
}

/** What the named groups of the pattern match; null where it is not found, or cannot be read. */
export function capture(pattern: string, subject: string): ((group: string) => string) | null {
  const compiled = compile(pattern)
  if (typeof compiled === 'string') return () => ''
  const matcher = compiled.matcher(subject.slice(0, SUBJECT_MAX))
  return matcher.find() ? (group) => matcher.group(group) ?? '' : null
}
