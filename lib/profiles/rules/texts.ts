import { isMap, isSeq } from 'yaml'

import { parseYamlDocument, YamlError } from '../../pack-format/yaml'
import { NEW_VARIABLE, type Variable } from '../variable'
import { type Edit, type Finding, type Fix, toFinding } from './finding'
import { isSystemMacro, nearest, SYSTEM_MACROS } from './macros'
import {
  findPath,
  offsetOf,
  problemOfText,
  type ReadValues,
  readValues,
  type TextProblem,
  toProblem,
} from './read-values'
import { findReferences, type Reference } from './references'
import { type CheckedLayer, packNameOf, type Subject } from './subject'

const WHY: Record<TextProblem['code'], string> = {
  ValuesNoMap: 'A pack takes its values by key.',
  ValuesNoYaml: 'What cannot be read cannot be installed.',
  ValuesSameKey: 'Which of the two counts is not said, and readers differ.',
  ValuesTab: 'YAML is indented with spaces alone.',
  ValuesTooLarge: 'Larger texts are not kept.',
  ValuesNotText: 'It cannot be kept, and no reader of YAML takes it.',
}

const MEND: Record<TextProblem['code'], string> = {
  ValuesNoMap: 'Write keys and values, such as "replicas: 2".',
  ValuesNoYaml: 'Mend the line.',
  ValuesSameKey: 'Keep one of them.',
  ValuesTab: 'Put spaces in its place.',
  ValuesTooLarge: 'Make it smaller.',
  ValuesNotText: 'Take the character out.',
}

/** The texts of a layer, as far as they can be read: its values, and the manifests that were written into it. */
export function checkTexts(layer: CheckedLayer): Finding[] {
  const read = readValues(layer.values)
  return [
    ...(read.problem ? [toTextFinding(layer.name, read.text, read.problem)] : checkQuotes(layer.name, read)),
    ...(layer.type === 'manifest' ? (layer.manifests ?? []).flatMap((one) => checkManifest(layer, one)) : []),
  ]
}

function toTextFinding(pack: string, text: string, problem: TextProblem, manifest?: string): Finding {
  const { code, message, line, column } = problem
  const fix = fixOf(pack, text, problem, manifest)
  return toFinding({
    code,
    pack,
    ...(manifest !== undefined && { manifest }),
    ...(line > 0 && { line, column: Math.max(column, 1) }),
    what: line > 0 && code !== 'ValuesNoMap' ? `${message.replace(/\.$/, '')} (line ${line}).` : message,
    why: WHY[code],
    mend: MEND[code],
    ...(fix && { fix }),
  })
}

function fixOf(layer: string, text: string, problem: TextProblem, manifest?: string): Fix | null {
  const start = text.split('\n', problem.line - 1).join('\n').length + (problem.line > 1 ? 1 : 0)
  const line = text.slice(start).split('\n', 1)[0] ?? ''
  const replace = (at: number, from: string, to: string): Edit => ({
    ...{ do: 'replaceText', layer, at, from, to },
    ...(manifest !== undefined && { manifest }),
  })
  if (problem.code === 'ValuesTab')
    return {
      label: 'Put spaces in the place of tabs',
      edits: [
        replace(
          0,
          text,
          text.replaceAll(/^[ \t]+/gm, (indent) => indent.replaceAll('\t', '  ')),
        ),
      ],
    }
  if (problem.code === 'ValuesNotText')
    return {
      label: 'Take the character out',
      edits: [replace(start + problem.column - 1, line[problem.column - 1] ?? '', '')],
    }
  // A reference at the beginning of a value is taken for a map, and what follows it for a mistake.
  const bare = /^(\s*(?:- +)*(?:[^'"#{}:]+:[ \t]+)?)(\{\{[^'\n]*?\}\}[^'\n#]*?)([ \t]*(?: #.*)?)$/.exec(line)
  if (problem.code === 'ValuesNoYaml' && bare?.[2]?.includes('.spectro.'))
    return {
      label: 'Put it in quotes',
      edits: [replace(start + (bare[1] ?? '').length, bare[2], `'${bare[2]}'`)],
    }
  return null
}

const unquoted = new WeakMap<ReadValues, Reference[]>()

/** References that stand where YAML reads their braces as a map. Looked for once in each text. */
function findUnquoted(read: ReadValues): Reference[] {
  const held = unquoted.get(read)
  if (held) return held
  const starts = new Map(read.references.map((one) => [one.from, one]))
  const found: Reference[] = []
  const walk = (node: unknown): void => {
    if (isSeq(node)) for (const item of node.items) walk(item)
    if (!isMap(node)) return
    const reference = node.flow ? starts.get(offsetOf(node)) : undefined
    if (reference) found.push(reference)
    else for (const { value } of node.items) walk(value)
  }
  if (starts.size > 0) walk(read.root)
  unquoted.set(read, found)
  return found
}

/** A reference without quotes is read as a map, and is replaced by nothing. */
const checkQuotes = (pack: string, read: ReadValues): Finding[] =>
  findUnquoted(read).map(({ from, to, line, column }) => {
    const text = read.text.slice(from, to)
    return toFinding({
      ...{ code: 'ReferenceUnquoted', pack, line, column },
      what: `${text} stands without quotes (line ${line}).`,
      why: 'YAML reads braces as a map, so nothing is put in its place.',
      mend: 'Put it in quotes.',
      fix: {
        label: 'Put it in quotes',
        edits: [{ do: 'replaceText', layer: pack, at: from, from: text, to: `'${text}'` }],
      },
    })
  })

const MAX_DOCUMENTS = 500

function checkManifest(layer: CheckedLayer, { name, content }: { name: string; content: string }): Finding[] {
  const early = problemOfText(content)
  if (early) return [toTextFinding(layer.name, content, early, name)]
  const parts = content.split(/^---(?=\s|$)/m)
  let above = 0
  for (const part of parts.slice(0, MAX_DOCUMENTS)) {
    try {
      parseYamlDocument(part)
    } catch (error) {
      if (!(error instanceof YamlError)) throw error
      const problem = toProblem(part, error)
      const message = problem.message.replace('The values', 'The manifest')
      const line = problem.line > 0 ? problem.line + above : 0
      return [toTextFinding(layer.name, content, { ...problem, message, line }, name)]
    }
    above += part.split('\n').length - 1
  }
  return []
}

/** Every text of a layer in which something may be referred to. */
export const textsOf = ({ values, type, manifests = [] }: CheckedLayer) => [
  { manifest: undefined, text: values, references: readValues(values).references },
  ...(type === 'manifest'
    ? manifests.map((one) => ({
        manifest: one.name,
        text: one.content,
        references: findReferences(one.content),
      }))
    : []),
]

/** What values refer to: variables that are defined, macros that there are, and packs of this profile. */
export function checkReferences(profile: Pick<Subject, 'layers' | 'variables' | 'type'>): Finding[] {
  const known = new Map(profile.variables.map((one) => [one.name, one]))
  return profile.layers.flatMap((layer) =>
    textsOf(layer).flatMap(({ manifest, text, references }) => {
      const told = new Set<string>()
      return references.flatMap((one) => {
        const key = `${one.kind} ${one.name}`
        if (told.has(key)) return []
        const found = checkReference(one, layer, profile, known, text)
        if (!found) return []
        told.add(key)
        return [
          toFinding({
            pack: layer.name,
            ...(manifest !== undefined && { manifest }),
            ...{ line: one.line, column: one.column },
            ...found,
          }),
        ]
      })
    }),
  )
}

type Found = Pick<Finding, 'code' | 'what' | 'mend'> & Partial<Finding>

function checkReference(
  reference: Reference,
  layer: CheckedLayer,
  profile: Pick<Subject, 'layers' | 'type'>,
  variables: ReadonlyMap<string, Variable>,
  text: string,
): Found | null {
  const { kind, name } = reference
  if (kind === 'var') return checkVariable(reference, layer, variables, text)
  if (kind === 'system') {
    if (isSystemMacro(name)) return null
    const meant = nearest(
      name,
      SYSTEM_MACROS.map((one) => one.name),
    )
    return {
      code: 'MacroUnknown',
      path: `system.${name}`,
      what: `There is no macro spectro.system.${name}.`,
      why: 'Nothing is put in its place when a cluster is made.',
      mend: meant ? `Write spectro.system.${meant}.` : 'Choose one of the system’s macros.',
      ...(meant && { fix: renamed(layer.name, text, reference, `system.${name}`, `system.${meant}`) }),
    }
  }
  if (kind === 'pack') return checkPackReference(name, profile, layer)
  return null
}

function checkVariable(
  reference: Reference,
  { name: pack }: CheckedLayer,
  variables: ReadonlyMap<string, Variable>,
  text: string,
): Found | null {
  const { name, from } = reference
  if (!variables.has(name)) {
    const meant = nearest(name, variables.keys())
    return {
      code: 'PackVariablesUndefined',
      path: `var.${name}`,
      what: `The variable ${name} is not defined.`,
      why: 'Nothing is put in its place when a cluster is made.',
      mend: meant ? `Define it, or write ${meant}.` : 'Define it.',
      fix: {
        label: `Define ${name}`,
        edits: [
          { do: 'addVariable', variable: { ...NEW_VARIABLE, name, displayName: name, required: true } },
        ],
      },
    }
  }
  const content = findPath(readValues(text).root, ['pack', 'content']).node
  const range = (content as { range?: [number, number, number] } | undefined)?.range
  if (!range || from < range[0] || from >= range[1]) return null
  return {
    code: 'VariableInContent',
    path: `content var.${name}`,
    pack,
    what: `pack.content takes no variables, and has ${name}.`,
    why: 'It is read before any cluster is there.',
    mend: 'Write the value itself.',
  }
}

const renamed = (
  layer: string,
  text: string,
  { from, to }: Reference,
  before: string,
  after: string,
): Fix => ({
  label: `Write ${after}`,
  edits: [
    {
      ...{ do: 'replaceText', layer, at: from, from: text.slice(from, to) },
      to: text.slice(from, to).replace(`.spectro.${before}`, `.spectro.${after}`),
    },
  ],
})

/** `<pack name>.<path>`: a pack's name may hold dots itself. */
function checkPackReference(
  name: string,
  { layers, type }: Pick<Subject, 'layers' | 'type'>,
  self: CheckedLayer,
): Found | null {
  const other = layers.find(
    (one) => name.startsWith(`${one.name}.`) || name.startsWith(`${packNameOf(one.name)}.`),
  )
  const place = { path: `pack.${name}`, pack: self.name }
  // The core layers of an add-on profile are another's.
  if (!other)
    return type === 'add-on'
      ? null
      : {
          code: 'PackReference',
          ...place,
          what: `spectro.pack.${name} is of a pack that this profile does not have.`,
          why: 'Nothing is put in its place when a cluster is made.',
          mend: 'Add the pack, or write the value itself.',
        }
  const prefix = name.startsWith(`${other.name}.`) ? other.name : packNameOf(other.name)
  const read = readValues(other.values)
  if (read.problem || findPath(read.root, name.slice(prefix.length + 1).split('.')).exists) return null
  return {
    code: 'PackReferencePath',
    level: 'warning',
    ...place,
    what: `${other.displayName} has no value ${name.slice(prefix.length + 1)}.`,
    why: 'Nothing is put in its place when a cluster is made.',
    mend: 'Look at its values, and write a path that is there.',
  }
}
