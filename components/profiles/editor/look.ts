import { HighlightStyle } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** From the tokens, so that light and dark are the page's own. The layers' hues stand for layers alone: ink it is. */
export const look = EditorView.theme({
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
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--warn)',
    textUnderlineOffset: '3px',
  },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
  '.cm-diagnosticAction': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
    borderRadius: '4px',
    padding: '2px 8px',
    fontSize: '12px',
  },
  '.cm-reference': { borderRadius: '3px', backgroundColor: 'var(--accent-soft)', color: 'var(--accent)' },
  '.cm-reference-unknown': {
    backgroundColor: 'var(--bad-soft)',
    color: 'var(--bad)',
    textDecoration: 'underline wavy var(--bad)',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono, monospace)', fontSize: '12px' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent-soft)',
    color: 'var(--ink)',
  },
  '.cm-completionDetail': { color: 'var(--ink-soft)', fontStyle: 'normal', marginLeft: '1em' },
  '.cm-completionInfo': { padding: '8px 10px', maxWidth: '320px', lineHeight: '18px' },
  '.cm-tip': { padding: '8px 10px', maxWidth: '360px', fontSize: '12.5px', lineHeight: '18px' },
  '.cm-tip-path': { fontFamily: 'var(--font-mono, monospace)', color: 'var(--ink-soft)' },
  '.cm-deletedChunk .cm-chunkButtons .cm-take-own': {
    border: '1px solid var(--line-strong)',
    borderRadius: '4px',
    backgroundColor: 'var(--surface)',
    color: 'var(--ink)',
    fontFamily: 'var(--font-sans, sans-serif)',
    fontSize: '12px',
    padding: '1px 8px',
  },
  '.cm-collapsedLines': {
    backgroundColor: 'var(--sunken)',
    backgroundImage: 'none',
    color: 'var(--ink-soft)',
    padding: '4px 12px',
  },
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '""' },
  '.cm-changedLine, .cm-insertedLine': {
    backgroundColor: 'color-mix(in srgb, var(--good) 10%, transparent)',
  },
  '.cm-deletedChunk': { backgroundColor: 'color-mix(in srgb, var(--bad) 9%, transparent)' },
  '.cm-changedText': {
    backgroundImage: 'none',
    backgroundColor: 'color-mix(in srgb, var(--good) 22%, transparent)',
  },
  '.cm-deletedText': {
    backgroundImage: 'none',
    backgroundColor: 'color-mix(in srgb, var(--bad) 22%, transparent)',
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

export const ink = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)', fontWeight: '500' },
  { tag: tags.comment, color: 'var(--ink-faint)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.bracket, tags.meta], color: 'var(--ink-faint)' },
  { tag: [tags.string, tags.content, tags.atom], color: 'var(--ink)' },
  { tag: [tags.keyword, tags.labelName, tags.typeName], color: 'var(--ink-soft)', fontWeight: '600' },
])
