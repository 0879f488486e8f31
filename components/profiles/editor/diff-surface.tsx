'use client'

import { yaml } from '@codemirror/lang-yaml'
import { codeFolding, syntaxHighlighting } from '@codemirror/language'
import { unifiedMergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'

import { difference } from './difference'
import { ink, look } from './look'

/** Enough for people to know where they are. */
const CONTEXT_LINES = 3

/** What differs between two texts, one below the other; what is the same is folded. */
export default function DiffSurface({
  label,
  before,
  after,
  onChange,
}: {
  label: string
  before: string
  after: string
  /** With it a difference can be taken back, each by its own button. */
  onChange?: (text: string) => void
}) {
  const host = useRef<HTMLDivElement>(null)
  const told = useRef(onChange)
  told.current = onChange
  const view = useRef<EditorView>(null)
  const canChange = onChange !== undefined

  // biome-ignore lint/correctness/useExhaustiveDependencies: a text that changes reaches the editor by the effect below
  useEffect(() => {
    if (!host.current) return
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: after,
        extensions: [
          yaml(),
          look,
          syntaxHighlighting(ink),
          lineNumbers(),
          codeFolding(),
          // What takes a difference back stands at the end of its line: in view.
          EditorView.lineWrapping,
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0', 'aria-readonly': 'true' }),
          unifiedMergeView({
            original: before,
            collapseUnchanged: { margin: CONTEXT_LINES, minSize: CONTEXT_LINES + 2 },
            diffConfig: { scanLimit: 2_000, timeout: 300 },
            mergeControls: canChange ? control : false,
          }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) told.current?.(state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    return () => editor.destroy()
  }, [label, before, canChange])

  useEffect(() => {
    const editor = view.current
    const text = editor?.state.doc.toString()
    // A difference that was taken back here is shown already.
    if (!editor || text === undefined || text === after) return
    editor.dispatch({ changes: difference(text, after) })
  }, [after])

  return <div ref={host} className="h-full" />
}

/** A difference is taken back; there is nothing to accept, since it is there. */
function control(kind: 'accept' | 'reject', action: (event: MouseEvent) => void): HTMLElement {
  if (kind === 'accept') return document.createElement('span')
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Take the pack’s own'
  button.className = 'cm-take-own'
  button.onmousedown = action
  button.onclick = (event) => {
    // By keyboard there is no mousedown.
    if (event.detail === 0) action(event)
  }
  return button
}
