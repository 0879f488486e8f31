import { expect, test } from 'vitest'

import { csvLine } from './csv'

test('cells that hold separators, quotes or line breaks are quoted, and quotes doubled', () => {
  expect(csvLine(['plain', 'a,b', 'say "hi"', 'two\nlines', '', ' space'])).toBe(
    'plain,"a,b","say ""hi""","two\nlines",," space"\r\n',
  )
})

test('what a spreadsheet would run stays text', () => {
  const cells = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    ' =1',
    '-2+3|cmd',
    '=HYPERLINK("http://x","y")',
  ]
  for (const cell of cells) expect(csvLine([cell])).toMatch(/^"?'/)
  expect(csvLine(['a=1', '1.2-3'])).toBe('a=1,1.2-3\r\n')
})
