import { parseYamlDocument, YamlError } from './yaml'

export interface YamlProblem {
  /** From 1. */
  line: number
  message: string
}

/** What keeps a text from being read as YAML, for an editor: one problem a document, at its line. */
export function findYamlProblems(text: string, documents: 'one' | 'many' = 'one'): YamlProblem[] {
  const parts = documents === 'one' ? [text] : text.split(/^---(?=\s|$)/m)
  const problems: YamlProblem[] = []
  let above = 0
  for (const part of parts) {
    try {
      parseYamlDocument(part)
    } catch (problem) {
      if (!(problem instanceof YamlError)) throw problem
      const message = problem.message.replace(/^line \d+: /, '')
      problems.push({ line: above + Math.max(problem.line, 1), message })
    }
    above += part.split('\n').length - 1
  }
  return problems
}
