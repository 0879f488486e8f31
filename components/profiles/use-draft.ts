import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react'

import type { Draft } from './draft'
import { beginHistory, change, type History, redo, undo } from './history'

type Step =
  | { do: 'change'; to: (draft: Draft) => Draft; key: string; at: number }
  | { do: 'undo' | 'redo' }
  | { do: 'restart'; with: Draft }

function step(history: History<Draft>, action: Step): History<Draft> {
  if (action.do === 'change') return change(history, action.to(history.present), action.key, action.at)
  if (action.do === 'restart') return beginHistory(action.with)
  return action.do === 'undo' ? undo(history) : redo(history)
}

/** Where the browser, or the editor of a text, undoes by itself. */
const UNDOES_ITSELF = 'input, textarea, select, [contenteditable="true"]'

/** A draft with what was done to it, so that it can be undone: Ctrl Z, and Ctrl Shift Z or Ctrl Y to do it again. */
export function useDraft(initial: Draft) {
  const [history, dispatch] = useReducer(step, initial, beginHistory)
  const current = useRef(history.present)
  current.current = history.present

  const edit = useCallback(
    (to: (draft: Draft) => Draft, key = '') => dispatch({ do: 'change', to, key, at: Date.now() }),
    [],
  )
  const restart = useCallback((draft: Draft) => dispatch({ do: 'restart', with: draft }), [])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const letter = event.key.toLowerCase()
      if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey)) return
      if (letter !== 'z' && letter !== 'y') return
      const target = event.target instanceof Element ? event.target.closest(UNDOES_ITSELF) : null
      // An editor with nothing of its own left to undo passes the key on.
      if (target && !target.classList.contains('cm-content')) return
      event.preventDefault()
      dispatch({ do: letter === 'y' || event.shiftKey ? 'redo' : 'undo' })
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  return useMemo(
    () => ({
      draft: history.present,
      /** As it is now, for what happens later than this render. */
      current,
      edit,
      restart,
      undo: () => dispatch({ do: 'undo' }),
      redo: () => dispatch({ do: 'redo' }),
      canUndo: history.past.length > 0,
      canRedo: history.future.length > 0,
    }),
    [history, edit, restart],
  )
}
