/** A name in a text that something else stands for: `{{.spectro.var.region}}`. */
export interface Reference {
  kind: 'system' | 'var' | 'macro' | 'pack'
  name: string
  /** Of the whole `{{ … }}`, in UTF-16 units. */
  from: number
  to: number
  /** From 1. */
  line: number
  column: number
}

const EXPRESSION = /\{\{([^{}\n]{0,2000})\}\}/g
const NAME = /\.spectro\.(system|var|macro|pack)\.([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)/g

/** Far more than any real text holds. */
const MAX_REFERENCES = 5_000

/** Every reference in a text, in its order. One in a line that is a comment counts for nothing. */
export function findReferences(text: string): Reference[] {
  if (!text.includes('.spectro.')) return []
  const found: Reference[] = []
  let line = 1
  let lineStart = 0
  for (const expression of text.matchAll(EXPRESSION)) {
    const from = expression.index
    for (let at = text.indexOf('\n', lineStart); at >= 0 && at < from; at = text.indexOf('\n', lineStart)) {
      line++
      lineStart = at + 1
    }
    if (/^\s*#/.test(text.slice(lineStart, from))) continue
    for (const [, kind, name = ''] of (expression[1] ?? '').matchAll(NAME)) {
      found.push({
        kind: kind as Reference['kind'],
        name,
        from,
        to: from + expression[0].length,
        line,
        column: from - lineStart + 1,
      })
      if (found.length === MAX_REFERENCES) return found
    }
  }
  return found
}

/** Puts what `standsFor` says in the place of references; null leaves one as it stands. */
export function replaceReferences(
  text: string,
  standsFor: (kind: Reference['kind'], name: string, expression: string) => string | null,
): string {
  return text.replaceAll(EXPRESSION, (whole: string, inner: string) => {
    const [only, second] = [...inner.matchAll(NAME)]
    if (!only || second) return whole
    return standsFor(only[1] as Reference['kind'], only[2] ?? '', whole) ?? whole
  })
}
