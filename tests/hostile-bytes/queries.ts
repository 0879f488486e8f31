/** What people, programs and those who mean harm write into a search, by what it is. */
export const QUERIES: Record<string, string> = {
  nothing: '',
  'a space': ' ',
  'spaces and tabs': ' \t\n\r  ',
  'every percent sign': '%%%%',
  'every underscore': '____',
  'a storm of wildcards': '%_'.repeat(128),
  'a backslash': '\\',
  backslashes: '\\'.repeat(255),
  'a backslash before a wildcard': '\\%',
  'an asterisk': '*',
  'operators of a text search': 'a & !b | (c <-> d):*',
  'half an expression': '((((',
  'an expression without words': '&|!<->:*',
  'weights of a text search': "'x':ABCD <2> y",
  quotes: `'"\`'"`,
  'a quote that is never closed': "it's",
  'a statement': `'; DROP TABLE pack; --`,
  'a statement in dollars': '$$; SELECT pg_sleep(10); $$',
  'a parameter': '$1 $2 $999',
  'a pattern that never ends': '(a+)+$',
  brackets: '[a-z]{1,1000}',
  'a path': '../../../../etc/passwd',
  'a path in percent signs': '%2e%2e%2f%00',
  'a page': '<script>alert(1)</script>',
  'a template': '{{7*7}} ${7*7} #{7*7}',
  'a key of prototypes': '__proto__',
  'a method of objects': 'constructor',
  'a number beyond all': '9'.repeat(255),
  'right to left': '\u202egpj.exe\u202c مرحبا',
  'what is not seen': '\u200b\u200d\ufeff\u2060',
  'marks that pile up': `z${'\u0301'.repeat(200)}`,
  'marks alone': '\u0301'.repeat(255),
  emoji: '👩‍👩‍👧‍👦🏳️‍🌈',
  'letters beyond the first plane': '𝕮𝖆𝖑𝖎𝖈𝖔',
  'a letter that becomes longer in lower case': 'İ'.repeat(100),
  'a letter that becomes two': 'ﬁ ß ŉ',
  'the last character': '\u{10ffff}',
  'no character': '\uffff\ufffe',
  controls: '\u0001\u0002\u001b[31m\u007f\u0085',
  lines: '\u2028\u2029\n',
  'many words': 'a '.repeat(127),
  'one long word': 'a'.repeat(256),
  'many short words': Array.from({ length: 85 }, (_, i) => String.fromCharCode(97 + (i % 26)).repeat(2)).join(
    ' ',
  ),
}

/** What no text may hold. */
export const NO_TEXTS: Record<string, string> = {
  NUL: 'a\0b',
  'half of a pair': 'a\ud800b',
  'the other half': '\udc00',
  'a pair the wrong way round': '\udc00\ud800',
}

/** What is longer than anybody types. */
export const TOO_LONG: Record<string, string> = {
  'one character too many': 'a'.repeat(257),
  'a hundred thousand characters': 'a'.repeat(100_000),
  'half a million wildcards': '%'.repeat(500_000),
}

/** Names that mean something to JavaScript, and that a pack, a field or a choice may have all the same. */
export const ODD_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '..',
  '.',
  '%2e%2e',
  'null',
  'undefined',
  '',
]
