import type { Preset } from '@/lib/pack-format/presets'
import type { ValueRule } from '@/lib/pack-format/value-schema'
import { lineOfPath } from '@/lib/pack-format/yaml-path'
import { editValue, type Path, type Value } from '@/lib/profiles/edit-values'
import type { EnabledPreset } from '@/lib/profiles/enabled-presets'
import { choosePreset, withPresets } from '@/lib/profiles/presets'
import { checkProfile } from '@/lib/profiles/rules/check'
import type { Finding } from '@/lib/profiles/rules/finding'
import type { Subject } from '@/lib/profiles/rules/subject'
import { ProfileName, ProfileVersion } from '@/lib/profiles/schema'
import { type FormField, fieldsOf, type Outline, outlineOf } from '@/lib/profiles/values-form'

/** What is done with large texts: what goes in, and what comes out. */
export interface Work {
  check: { input: Subject; output: Finding[] }
  outline: { input: string; output: Outline }
  fields: { input: { text: string; rules: readonly ValueRule[] }; output: FormField[] | null }
  line: { input: { text: string; path: string }; output: number | null }
  /** A preset in the place of another of its group. */
  preset: {
    input: { values: string; group: string; name: string | null; presets: readonly Preset[]; own: string }
    output: string
  }
  /** A pack's own values with presets in them. */
  presets: {
    input: { own: string; enabled: readonly EnabledPreset[]; presets: readonly Preset[] }
    output: string
  }
  /** What is wrong with what a profile is called. */
  identity: {
    input: { name: string; version: string }
    output: { name: string | undefined; version: string | undefined }
  }
  edit: { input: { text: string; path: Path; value?: Value }; output: string }
}
export type Kind = keyof Work

export const WORK: { [K in Kind]: (input: Work[K]['input']) => Work[K]['output'] } = {
  check: checkProfile,
  outline: outlineOf,
  fields: ({ text, rules }) => fieldsOf(text, rules),
  line: ({ text, path }) => lineOfPath(text, path),
  preset: ({ values, group, name, presets, own }) => choosePreset(values, group, name, { presets, own }),
  presets: ({ own, enabled, presets }) => withPresets(own, enabled, presets),
  identity: ({ name, version }) => ({
    name: ProfileName.safeParse(name).error?.issues[0]?.message,
    version: ProfileVersion.safeParse(version).error?.issues[0]?.message,
  }),
  edit: ({ text, path, value }) => editValue(text, path, value),
}
