import fc from 'fast-check'

/** Pieces that mean something to who reads them. */
const WORDS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    ':',
    ',',
    '\n',
    '\n---\n',
    '\n  ',
    '\t',
    '&a ',
    '*a',
    '<<: ',
    '!!str ',
    '!!js/function ',
    '|',
    '>-',
  ],
  ...[
    '%YAML 9\n',
    '#',
    '\\',
    '\\u0000',
    '\\ud800',
    '\0',
    '\ufeff',
    '\u202e',
    '__proto__',
    'constructor',
    'null',
    'NaN',
    '1e999',
  ],
  ...[
    '-1',
    '9223372036854775808',
    '../',
    '/',
    'name',
    'version',
    'layer',
    'presets',
    'add',
    'remove',
    'schema',
    'entries',
  ],
  ...[
    '${',
    'format "',
    'hints "',
    'required',
    '{{',
    '}}',
    '$ref',
    'ustar',
    '0000644',
    '<svg',
    '<!--',
    '-->',
    'IHDR',
  ],
].map((word) => Buffer.from(word))

const bytes = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.uint8Array({ maxLength: 8 }),
  fc
    .record({ word: fc.constantFrom(...WORDS), times: fc.integer({ min: 2, max: 300 }) })
    .map(({ word, times }) => Buffer.concat(Array<Buffer>(times).fill(word))),
)

const change = fc.record({
  /** Of the length. */
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.integer({ min: 0, max: 40 }),
  insert: fc.option(bytes, { nil: new Uint8Array() }),
  /** Whether what was cut out comes once more somewhere else. */
  again: fc.boolean(),
})

/** A document that was sound, with some changes. */
export const mutated = (samples: readonly Uint8Array[]) =>
  fc
    .record({
      sample: fc.constantFrom(...samples),
      changes: fc.array(change, { minLength: 1, maxLength: 6 }),
    })
    .map(({ sample, changes }) =>
      changes.reduce<Uint8Array>((text, { at, cut, insert, again }) => {
        const from = Math.floor(at * text.length)
        const out = text.subarray(from, from + cut)
        const rest = again ? [text.subarray(from), out] : [text.subarray(from + cut)]
        return Buffer.concat([text.subarray(0, from), insert, ...rest])
      }, sample),
    )
