import type { ValueRule } from '@/lib/pack-format/value-schema'
import { lineOfPath } from '@/lib/pack-format/yaml-path'
import { editValue, type Path, type Value } from '@/lib/profiles/edit-values'
import { checkProfile } from '@/lib/profiles/rules/check'
import type { Finding } from '@/lib/profiles/rules/finding'
import type { Subject } from '@/lib/profiles/rules/subject'
import { type FormField, fieldsOf, type Outline, outlineOf } from '@/lib/profiles/values-form'

/** What is done with large texts: what goes in, and what comes out. */
export interface Work {
  check: { input: Subject; output: Finding[] }
  outline: { input: string; output: Outline }
  fields: { input: { text: string; rules: readonly ValueRule[] }; output: FormField[] | null }
  line: { input: { text: string; path: string }; output: number | null }
  edit: { input: { text: string; path: Path; value?: Value }; output: string }
}
export type Kind = keyof Work

export const WORK: { [K in Kind]: (input: Work[K]['input']) => Work[K]['output'] } = {
  check: checkProfile,
  outline: outlineOf,
  fields: ({ text, rules }) => fieldsOf(text, rules),
  line: ({ text, path }) => lineOfPath(text, path),
  edit: ({ text, path, value }) => editValue(text, path, value),
}
