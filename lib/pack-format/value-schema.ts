import { z } from 'zod'

import { parseYaml } from './yaml'

/** One rule for one value, by its dotted path; `$[]` stands for the items of a list. */
export interface ValueRule {
  name: string
  /** `string`, `number`, `boolean`, `password`, `list`, `ipv4`, `version`, or what the pack calls it; '' for any. */
  type: string
  /** The whole format as written, for example `${number:[5000-5005]}`. */
  format: string
  regex: string
  required: boolean
  readonly: boolean
  listOptions: string[]
  hints: string[]
}

const SchemaFile = z.record(z.string(), z.looseObject({ schema: z.string().nullish() }).nullish()).nullable()

const FORMAT = /format\s+"((?:[^"\\]|\\.)*)"/
const HINTS = /hints((?:\s+"(?:[^"\\]|\\.)*")+)/
const QUOTED = /"((?:[^"\\]|\\.)*)"/g
const MAX_RULES = 2000

/**
 * Reads schema.yaml: a map of dotted paths to a template such as
 * `{{ required | format "${list:[PACK,GIT]}" | hints "kind" }}`. Unknown types and words pass. An empty file has no rule,
 * nor has the JSON Schema of a chart: that says other things in other words.
 *
 * @throws YamlError, or ZodError where it is YAML and no schema
 */
export function parseValueSchema(text: string): ValueRule[] {
  if (isJsonSchema(text)) return []
  return Object.entries(SchemaFile.parse(parseYaml(text)) ?? {})
    .slice(0, MAX_RULES)
    .map(([name, rule]) => toRule(name, rule?.schema ?? ''))
}

function isJsonSchema(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false
  try {
    const data = JSON.parse(text)
    return '$schema' in data || typeof data.type === 'string' || 'properties' in data
  } catch {
    return false
  }
}

function toRule(name: string, template: string): ValueRule {
  const format = FORMAT.exec(template)?.[1] ?? ''
  const { type, argument } = readType(format)
  // What stands in quotes is data: a hint that says "required" makes nothing required.
  const words = template.replaceAll(QUOTED, '""').split(/[^a-z]+/i)
  return {
    name,
    type: type.toLowerCase(),
    format,
    regex: /^\/([\s\S]*)\/$/.exec(argument)?.[1] ?? '',
    required: words.includes('required'),
    readonly: words.includes('readonly'),
    listOptions:
      type.toLowerCase() === 'list'
        ? (/^\[([\s\S]*)\]$/.exec(argument)?.[1] ?? '')
            .split(',')
            .map((one) => one.trim())
            .filter(Boolean)
        : [],
    hints: [...(HINTS.exec(template)?.[1] ?? '').matchAll(QUOTED)].map(([, hint = '']) => hint),
  }
}

/** `${type}` or `${type: argument}`. A regular expression ends with its slash: it may hold braces of its own. */
function readType(format: string): { type: string; argument: string } {
  const none = { type: '', argument: '' }
  const opening = /\$\{\s*([a-z0-9]+)\s*([:}])/i.exec(format)
  if (!opening) return none
  const [all, type = '', next] = opening
  if (next === '}') return { type, argument: '' }
  const rest = format.slice(opening.index + all.length).trimStart()
  const slash = rest.startsWith('/') ? rest.slice(1).search(/\/\s*\}/) : -1
  const end = slash < 0 ? rest.indexOf('}') : slash + 2
  return end < 0 ? none : { type, argument: rest.slice(0, end).trim() }
}
