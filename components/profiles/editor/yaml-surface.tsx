'use client'

import { autocompletion, closeCompletion, completionKeymap, completionStatus } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Annotation, Compartment, EditorState, type Extension, Prec, Transaction } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { useEffect, useRef } from 'react'

import { complete } from './completion'
import { knowledge } from './context'
import { toDiagnostics } from './diagnostics'
import { difference } from './difference'
import { referenceMarks } from './highlight-references'
import { tips } from './hover'
import { NOTHING } from './knowledge'
import { ink, look } from './look'
import type { YamlEditorProps } from './yaml-editor'

/** Typing is told when it rests, so that what follows from a text never stands between a key and its letter. */
const REST_MS = 150
/** Told all the same while somebody types on and on. */
const LONGEST_MS = 1_000

const FromOutside = Annotation.define<boolean>()

const SETUP: Extension = [
  yaml(),
  look,
  syntaxHighlighting(ink),
  indentUnit.of('  '),
  EditorState.tabSize.of(2),
  lineNumbers(),
  highlightActiveLineGutter(),
  codeFolding(),
  foldGutter(),
  drawSelection(),
  bracketMatching(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  search({ top: false }),
  referenceMarks,
]

/** CodeMirror itself. Loaded when an editor is shown. */
export default function YamlSurface({
  label,
  value,
  onChange,
  goTo,
  describedBy,
  findings,
  onFix,
  known = NOTHING,
}: Omit<YamlEditorProps, 'height'> & { describedBy?: string }) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  /** What both sides hold. */
  const shared = useRef(value)
  const told = useRef({ onChange, onFix })
  told.current = { onChange, onFix }
  const isReadOnly = !onChange
  const facts = useRef(new Compartment())

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text and what is known reach the editor by the effects below
  useEffect(() => {
    if (!host.current) return
    let rest: ReturnType<typeof setTimeout> | undefined
    let since = 0
    const tell = () => {
      clearTimeout(rest)
      since = 0
      const text = view.current?.state.doc.toString()
      if (text === undefined || text === shared.current) return
      shared.current = text
      told.current.onChange?.(text)
    }
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          SETUP,
          facts.current.of(knowledge.of(known)),
          EditorView.contentAttributes.of({
            'aria-label': label,
            ...(describedBy && { 'aria-describedby': describedBy }),
            // What scrolls is reached by keyboard, and said to be.
            tabindex: '0',
            ...(isReadOnly && { 'aria-readonly': 'true' }),
          }),
          keymap.of([...defaultKeymap, ...searchKeymap, ...foldKeymap]),
          ...(isReadOnly
            ? [EditorState.readOnly.of(true), EditorView.editable.of(false)]
            : [
                history(),
                lintGutter(),
                tips,
                autocompletion({ override: [complete], activateOnTypingDelay: 120, icons: false }),
                Prec.high(keymap.of(completionKeymap)),
                keymap.of([...historyKeymap, ...lintKeymap, indentWithTab]),
                EditorView.updateListener.of(({ docChanged, transactions }) => {
                  if (!docChanged || transactions.some((one) => one.annotation(FromOutside))) return
                  clearTimeout(rest)
                  since ||= Date.now()
                  rest = setTimeout(tell, Math.max(0, Math.min(REST_MS, since + LONGEST_MS - Date.now())))
                }),
                EditorView.domEventHandlers({
                  blur(event, editor) {
                    tell()
                    if (completionStatus(editor.state)) closeCompletion(editor)
                    return event.defaultPrevented
                  },
                }),
              ]),
        ],
      }),
    })
    view.current = editor
    return () => {
      tell()
      view.current = null
      editor.destroy()
    }
  }, [label, describedBy, isReadOnly])

  useEffect(() => {
    const editor = view.current
    if (!editor || value === shared.current) return
    shared.current = value
    editor.dispatch({
      changes: difference(editor.state.doc.toString(), value),
      annotations: [FromOutside.of(true), Transaction.addToHistory.of(false)],
    })
  }, [value])

  useEffect(() => {
    view.current?.dispatch({ effects: facts.current.reconfigure(knowledge.of(known)) })
  }, [known])

  useEffect(() => {
    const editor = view.current
    if (!editor || isReadOnly) return
    const fix: YamlEditorProps['onFix'] = (fixes) => told.current.onFix?.(fixes)
    editor.dispatch(setDiagnostics(editor.state, toDiagnostics(editor.state, findings ?? [], fix)))
  }, [findings, isReadOnly])

  useEffect(() => {
    const editor = view.current
    if (goTo?.line === undefined || !editor) return
    const line = editor.state.doc.line(Math.min(Math.max(goTo.line, 1), editor.state.doc.lines))
    const at = Math.min(line.from + Math.max((goTo.column ?? 1) - 1, 0), line.to)
    editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) })
    editor.focus()
  }, [goTo])

  return <div ref={host} className="h-full" />
}
