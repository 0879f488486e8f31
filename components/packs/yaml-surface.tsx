'use client'

import { yaml } from '@codemirror/lang-yaml'
import { HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, linter, lintGutter } from '@codemirror/lint'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import CodeMirror, { type ReactCodeMirrorRef } from '@uiw/react-codemirror'
import { useEffect, useMemo, useRef } from 'react'

import { findYamlProblems } from '@/lib/pack-format/yaml-problems'
import type { YamlEditorProps } from './yaml-editor'

const LINT_DELAY_MS = 250

/** From the tokens, so that light and dark are the page's own. The layers' hues stand for layers alone: ink it is. */
const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--surface)', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--font-mono, "JetBrains Mono Variable"), monospace',
    lineHeight: '20px',
  },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '.cm-gutters': {
    backgroundColor: 'var(--sunken)',
    color: 'var(--ink-faint)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--ink)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--accent-soft) 45%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--focus) 26%, transparent)',
  },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in srgb, var(--focus) 14%, transparent)' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--sunken)',
    borderColor: 'var(--line-strong)',
    color: 'var(--ink-soft)',
  },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad)',
    textUnderlineOffset: '3px',
    backgroundColor: 'var(--bad-soft)',
  },
  '.cm-tooltip, .cm-panels': {
    backgroundColor: 'var(--surface)',
    color: 'var(--ink)',
    border: '1px solid var(--line-strong)',
    fontFamily: 'var(--font-sans, "Inter Variable"), sans-serif',
  },
  '.cm-panels': { borderWidth: '1px 0 0' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-panel input, .cm-panel button': {
    backgroundColor: 'var(--surface)',
    backgroundImage: 'none',
    border: '1px solid var(--line-strong)',
    borderRadius: '4px',
    color: 'var(--ink)',
  },
})

const ink = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)', fontWeight: '500' },
  { tag: tags.comment, color: 'var(--ink-faint)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.bracket, tags.meta], color: 'var(--ink-faint)' },
  { tag: [tags.string, tags.content, tags.atom], color: 'var(--ink)' },
  { tag: [tags.keyword, tags.labelName, tags.typeName], color: 'var(--ink-soft)', fontWeight: '600' },
])

const problemsIn = (documents: 'one' | 'many') =>
  linter(
    ({ state }): Diagnostic[] =>
      findYamlProblems(state.doc.toString(), documents).map(({ line, message }) => {
        const { from, to } = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines))
        return { from, to, severity: 'error', message }
      }),
    { delay: LINT_DELAY_MS },
  )

const SETUP = {
  closeBrackets: false,
  autocompletion: false,
  highlightActiveLine: true,
  highlightSelectionMatches: true,
  foldGutter: true,
  tabSize: 2,
} as const

/** CodeMirror itself. Loaded when an editor is shown. */
export default function YamlSurface({
  label,
  value,
  onChange,
  documents = 'one',
  goTo,
  describedBy,
}: Omit<YamlEditorProps, 'height'> & { describedBy?: string }) {
  const editor = useRef<ReactCodeMirrorRef>(null)
  const isReadOnly = !onChange
  const extensions = useMemo<Extension[]>(
    () => [
      yaml(),
      look,
      syntaxHighlighting(ink),
      indentUnit.of('  '),
      EditorView.contentAttributes.of({
        'aria-label': label,
        ...(describedBy && { 'aria-describedby': describedBy }),
        // What scrolls is reached by keyboard, and said to be.
        tabindex: '0',
        ...(isReadOnly && { 'aria-readonly': 'true' }),
      }),
      ...(isReadOnly ? [] : [lintGutter(), problemsIn(documents)]),
    ],
    [label, describedBy, documents, isReadOnly],
  )

  useEffect(() => {
    const view = editor.current?.view
    if (!goTo || !view) return
    const { from } = view.state.doc.line(Math.min(Math.max(goTo.line, 1), view.state.doc.lines))
    view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
    view.focus()
  }, [goTo])

  return (
    <CodeMirror
      ref={editor}
      value={value}
      onChange={onChange}
      readOnly={isReadOnly}
      editable={!isReadOnly}
      theme="none"
      height="100%"
      className="h-full"
      basicSetup={SETUP}
      indentWithTab={!isReadOnly}
      extensions={extensions}
    />
  )
}
