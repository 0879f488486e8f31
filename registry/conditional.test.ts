import { expect, test } from 'vitest'

import { isHeld } from './conditional'

test.each(['"a"', 'W/"a"', '"b", "a"', '*'])('a client that sends %s holds "a"', (header) => {
  expect(isHeld(header, '"a"')).toBe(true)
})

test.each([undefined, '', '"b"', 'a'])('a client that sends %s does not hold "a"', (header) => {
  expect(isHeld(header, '"a"')).toBe(false)
})
