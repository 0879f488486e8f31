import type { Diagnostic } from '@codemirror/lint'
import type { EditorState } from '@codemirror/state'

import { type Finding, type Fix, sentenceOf } from '@/lib/profiles/rules/finding'

/** Findings of a text at their places in it. What is about the text as a whole stands at its beginning. */
export function toDiagnostics(
  { doc }: EditorState,
  findings: readonly Finding[],
  onFix: ((fixes: readonly Fix[]) => void) | undefined,
): Diagnostic[] {
  return findings
    .map((finding): Diagnostic => {
      const line = doc.line(Math.min(Math.max(finding.line ?? 1, 1), doc.lines))
      const start = Math.min(line.from + Math.max((finding.column ?? 1) - 1, 0), line.to)
      const text = doc.sliceString(start, line.to)
      const { fix, why } = finding
      return {
        from: start + (text.length - text.trimStart().length),
        to: Math.max(start + text.trimEnd().length, Math.min(start + 1, line.to)),
        severity: finding.level,
        message: [sentenceOf(finding), why].filter(Boolean).join('\n'),
        ...(fix && onFix && { actions: [{ name: fix.label, apply: () => onFix([fix]) }] }),
      }
    })
    .map((one) => ({ ...one, to: Math.max(one.from, one.to) }))
    .sort((a, b) => a.from - b.from)
}
