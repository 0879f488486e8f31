import { RangeSetBuilder } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view'

import { isSystemMacro } from '@/lib/profiles/rules/macros'
import { findReferences } from '@/lib/profiles/rules/references'
import { knowledge } from './context'

const known = Decoration.mark({ class: 'cm-reference' })
const unknown = Decoration.mark({ class: 'cm-reference cm-reference-unknown' })

/** Marks what stands for something else, and what stands for nothing: of the lines in view alone. */
export const referenceMarks = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet
    constructor(view: EditorView) {
      this.decorations = marksIn(view)
    }
    update(update: ViewUpdate) {
      const isOther = update.startState.facet(knowledge) !== update.state.facet(knowledge)
      if (update.docChanged || update.viewportChanged || isOther) this.decorations = marksIn(update.view)
    }
  },
  { decorations: (plugin) => plugin.decorations },
)

function marksIn(view: EditorView): DecorationSet {
  const names = new Set(view.state.facet(knowledge).variables.map((one) => one.name))
  const marks = new RangeSetBuilder<Decoration>()
  let end = -1
  for (const { from, to } of view.visibleRanges)
    for (const one of findReferences(view.state.sliceDoc(from, to))) {
      // Two names in one expression are one mark.
      if (from + one.from < end) continue
      const isKnown =
        one.kind === 'var' ? names.has(one.name) : one.kind === 'system' ? isSystemMacro(one.name) : true
      end = from + one.to
      marks.add(from + one.from, end, isKnown ? known : unknown)
    }
  return marks.finish()
}
