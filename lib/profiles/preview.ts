import { findReferences, type Reference, replaceReferences } from './rules/references'
import { defaultOf, MASK, type Variable } from './variable'

/** Where a text of a profile refers to something. */
export interface Use {
  /** The layer's name. */
  layer: string
  /** Of which manifest of it; absent for its values. */
  manifest?: string
  /** From 1. */
  line: number
}

interface Texts {
  name: string
  type?: string
  values: string
  manifests?: readonly { name: string; content: string }[]
}

/** Where variables are used, by their names, defined or not. */
export function usesOf(layers: readonly Texts[]): Map<string, Use[]> {
  const uses = new Map<string, Use[]>()
  for (const layer of layers)
    for (const { manifest, text } of textsOf(layer))
      for (const { kind, name, line } of findReferences(text)) {
        if (kind !== 'var') continue
        const held = uses.get(name) ?? []
        held.push({ layer: layer.name, ...(manifest !== undefined && { manifest }), line })
        uses.set(name, held)
      }
  return uses
}

const textsOf = ({ values, type, manifests = [] }: Texts): { manifest?: string; text: string }[] => [
  { text: values },
  ...(type === 'manifest' ? manifests.map((one) => ({ manifest: one.name, text: one.content })) : []),
]

export interface Resolved {
  layer: string
  manifest?: string
  text: string
  /** What nothing is known for: it stands as it was written. */
  open: Reference[]
}

/** What stands in the place of a masked value: nobody reads it here. */
export const HIDDEN = '••••••••'

/**
 * What the texts of each layer say once a cluster is made, for given inputs. Without an input the default counts; a
 * masked value is never shown; what is only known then (macros) stands as it is written.
 *
 * @param inputs by the variable's name; an empty one counts as none
 */
export function resolveProfile(
  layers: readonly Texts[],
  variables: readonly Variable[],
  inputs: Readonly<Record<string, string>>,
): Resolved[] {
  const known = new Map(variables.map((one) => [one.name, shownValue(one, inputs[one.name])]))
  return layers.flatMap((layer) =>
    textsOf(layer).map(({ manifest, text }) => {
      const resolved = replaceReferences(text, (kind, name) =>
        kind === 'var' ? (known.get(name) ?? null) : null,
      )
      return {
        layer: layer.name,
        ...(manifest !== undefined && { manifest }),
        text: resolved,
        open: findReferences(resolved),
      }
    }),
  )
}

function shownValue(variable: Variable, input = ''): string | null {
  const value = (variable.immutable ? '' : input) || defaultOf(variable)
  if (value === '') return variable.required ? null : ''
  return variable.isSensitive || value === MASK ? HIDDEN : value
}
