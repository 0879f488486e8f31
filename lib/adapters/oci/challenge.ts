/** How a registry wants to be signed in to. @see https://www.rfc-editor.org/rfc/rfc9110#field.www-authenticate */
export interface Challenge {
  /** Lower case. */
  scheme: string
  params: Record<string, string>
}

const MAX_LENGTH = 4096
const PART =
  /(?:([A-Za-z][\w-]{0,31})[ \t]+)?([A-Za-z][\w-]{0,31})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g

/** The challenges of a `WWW-Authenticate` header, without what has no parameters. */
export function readChallenges(header: string | null): Challenge[] {
  const challenges: Challenge[] = []
  for (const [, scheme, name = '', quoted, plain] of (header ?? '').slice(0, MAX_LENGTH).matchAll(PART)) {
    if (scheme) challenges.push({ scheme: scheme.toLowerCase(), params: Object.create(null) })
    const at = challenges.at(-1)
    if (at) at.params[name.toLowerCase()] = plain ?? (quoted ?? '').replace(/\\(.)/g, '$1')
  }
  return challenges
}
