import type { ProfileType } from '../schema'
import type { Variable } from '../variable'

/** A change of a draft that mends a finding. Data, so that it passes between threads and over the API. */
export type Edit =
  | { do: 'changeType'; type: ProfileType }
  | { do: 'removeLayer'; layer: string }
  /** The second layer of that name, counted from 0 among all. */
  | { do: 'renameLayer'; at: number; name: string }
  /** Takes what its registry serves now under the version that it has. */
  | { do: 'takeContent'; layer: string; digest: string }
  /** Sets one value, or takes it out where `value` is absent. */
  | { do: 'setValue'; layer: string; path: (string | number)[]; value?: string | number | boolean | null }
  /** Puts a text in the place of another, which must still stand there. */
  | { do: 'replaceText'; layer: string; manifest?: string; at: number; from: string; to: string }
  | { do: 'addVariable'; variable: Variable }
  | { do: 'changeVariable'; name: string; change: Partial<Variable> }
  | { do: 'removeVariable'; name: string }

export interface Fix {
  /** A verb and its object, as on a button. */
  label: string
  edits: Edit[]
}

/** One thing that is wrong with a profile, or worth knowing: where, what, why, and how to mend it. */
export interface Finding {
  /** The same as long as the same is wrong at the same place. */
  id: string
  /** Errors keep a profile from being published; warnings keep nobody from anything. */
  level: 'error' | 'warning'
  code: string
  /** The layer's pack name; empty for the profile itself and its variables. */
  pack: string
  /** The profile variable that it is about. */
  variable?: string
  /** The core layer that it is about, where no pack is. */
  layer?: string
  /** Of the layer's values, dotted. */
  path?: string
  /** In the text of this manifest, instead of the values. */
  manifest?: string
  /** In the text, from 1. */
  line?: number
  column?: number
  what: string
  why?: string
  mend: string
  fix?: Fix
}

type Found = Omit<Finding, 'id' | 'pack' | 'level'> & Partial<Pick<Finding, 'pack' | 'level'>>

/** An error where nothing else is said. */
export const toFinding = (found: Found): Finding => {
  const { pack = '', level = 'error', code, variable, layer, path, manifest } = found
  const place = [pack, variable, layer, manifest, path].filter((one) => one !== undefined && one !== '')
  return { ...found, pack, level, id: [code, ...place].join(' ') }
}

/** What is wrong and how to mend it, as one text. */
export const sentenceOf = ({ what, mend }: Pick<Finding, 'what' | 'mend'>): string => `${what} ${mend}`.trim()

/** Several of the same kind at the same place are told apart by their number. */
export function numbered(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, number>()
  return findings.map((one) => {
    const count = (seen.get(one.id) ?? 0) + 1
    seen.set(one.id, count)
    return count === 1 ? one : { ...one, id: `${one.id} ${count}` }
  })
}
