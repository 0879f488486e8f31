import { expect, test } from 'vitest'

import { beginHistory, change, redo, undo } from './history'

test('changes are taken back one by one, and come again', () => {
  let history = beginHistory('a')
  for (const next of ['b', 'c']) history = change(history, next, '', 0)
  history = undo(history)
  expect(history.present).toBe('b')
  expect(undo(undo(undo(history))).present).toBe('a')
  expect(redo(history).present).toBe('c')
  expect(redo(redo(history)).present).toBe('c')
})

test('typing into one field is one change until a pause, and another field is another', () => {
  let history = beginHistory('')
  history = change(history, 'a', 'name', 0)
  history = change(history, 'ab', 'name', 500)
  history = change(history, 'abc', 'name', 2_500)
  history = change(history, 'abc!', 'version', 2_600)
  expect(history.past).toEqual(['', 'ab', 'abc'])
})

test('a change after undoing forgets what was taken back, and nothing grows without end', () => {
  let history = undo(change(beginHistory(0), 1, '', 0))
  history = change(history, 2, '', 0)
  expect(redo(history).present).toBe(2)
  for (let i = 3; i < 500; i++) history = change(history, i, '', i)
  expect(history.past).toHaveLength(100)
})
