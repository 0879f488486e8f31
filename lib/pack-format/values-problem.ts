import { parseYaml, YamlError } from './yaml'

/** What is wrong with values, for people. */
export interface ValuesProblem {
  code: 'ValuesNoMap' | 'ValuesNoYaml'
  message: string
}

/** What keeps a text from being a pack's values: they are a map in YAML, or nothing. @returns null where nothing does */
export function findValuesProblem(values: string): ValuesProblem | null {
  try {
    const data = parseYaml(values)
    return data !== null && (typeof data !== 'object' || Array.isArray(data))
      ? { code: 'ValuesNoMap', message: 'The values are no map of keys.' }
      : null
  } catch (problem) {
    if (!(problem instanceof YamlError)) throw problem
    return { code: 'ValuesNoYaml', message: `The values cannot be read: ${problem.message}.` }
  }
}
