import type { Layer } from '../../pack-format/manifest'
import { YamlError } from '../../pack-format/yaml'
import { editValue } from '../edit-values'
import type { ProfileType } from '../schema'
import type { Variable } from '../variable'
import type { Edit, Fix } from './finding'

/** As much of a draft as fixes change. */
export interface Mendable {
  type: ProfileType
  layers: readonly MendableLayer[]
  variables: readonly Variable[]
}

interface MendableLayer {
  name: string
  layer: Layer
  values: string
  digest: string
  manifests: readonly { name: string; content: string }[]
}

/**
 * Mends a draft. Edits that no longer fit it (a text that somebody changed since) change nothing.
 *
 * @returns the same draft where nothing changed
 */
export const applyFix = <Draft extends Mendable>(draft: Draft, { edits }: Fix): Draft =>
  edits.reduce(applyEdit, draft)

function applyEdit<Draft extends Mendable>(draft: Draft, edit: Edit): Draft {
  switch (edit.do) {
    case 'changeType':
      return { ...draft, type: edit.type }
    case 'removeLayer':
      return { ...draft, layers: draft.layers.filter((one) => one.name !== edit.layer) }
    case 'renameLayer': {
      const held = draft.layers[edit.at]
      return held ? { ...draft, layers: draft.layers.with(edit.at, { ...held, name: edit.name }) } : draft
    }
    case 'takeContent':
      return changeLayer(draft, edit.layer, (one) => ({ ...one, digest: edit.digest }))
    case 'setValue':
      return changeLayer(draft, edit.layer, (one) => ({
        ...one,
        values: edited(one.values, () => editValue(one.values, edit.path, edit.value)),
      }))
    case 'replaceText':
      return changeLayer(draft, edit.layer, (one) =>
        edit.manifest === undefined
          ? { ...one, values: replaced(one.values, edit) }
          : {
              ...one,
              manifests: one.manifests.map((held) =>
                held.name === edit.manifest ? { ...held, content: replaced(held.content, edit) } : held,
              ),
            },
      )
    case 'addVariable':
      return draft.variables.some((one) => one.name === edit.variable.name)
        ? draft
        : { ...draft, variables: [...draft.variables, edit.variable] }
    case 'changeVariable':
      return {
        ...draft,
        variables: draft.variables.map((one) => (one.name === edit.name ? { ...one, ...edit.change } : one)),
      }
    case 'removeVariable':
      return { ...draft, variables: draft.variables.filter((one) => one.name !== edit.name) }
  }
}

const changeLayer = <Draft extends Mendable>(
  draft: Draft,
  name: string,
  change: (layer: MendableLayer) => MendableLayer,
): Draft => ({ ...draft, layers: draft.layers.map((one) => (one.name === name ? change(one) : one)) })

function edited(text: string, edit: () => string): string {
  try {
    return edit()
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    // It was broken since: that is mended first.
    return text
  }
}

const replaced = (text: string, { at, from, to }: { at: number; from: string; to: string }) =>
  text.startsWith(from, at) ? text.slice(0, at) + to + text.slice(at + from.length) : text

/**
 * Mends as many as can be at once. Several in one text are done from its end, so that none moves the place of another.
 */
export function applyFixes<Draft extends Mendable>(draft: Draft, fixes: readonly Fix[]): Draft {
  const place = ({ edits }: Fix) => {
    const [first] = edits
    return first?.do === 'replaceText' ? first.at : -1
  }
  return [...fixes].sort((a, b) => place(b) - place(a)).reduce(applyFix, draft)
}
