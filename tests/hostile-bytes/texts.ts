/** Texts that were made to hang, to crash or to mislead whoever reads them. */

const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')

const laughs = lines(9, (i) => (i === 0 ? 'a0: &a0 [x, x]' : `a${i}: &a${i} [${`*a${i - 1}, `.repeat(10)}]`))
const mergeChain = lines(99, (i) =>
  i === 0
    ? `m0: &m0 {${lines(500, (k) => `k${k}: 1,`).replaceAll('\n', ' ')}}`
    : `m${i}: &m${i} {<<: *m${i - 1}, n${i}: 1}`,
)

/** By what they are. None of them is a sound presets.yaml or Chart.yaml. */
export const YAML: Record<string, string> = {
  'an alias bomb': laughs,
  'a chain of merges': mergeChain,
  'a bomb of 200 brackets': '['.repeat(200),
  'ten thousand levels in brackets': `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  'ten thousand levels in lines': lines(10_000, (i) => `${' '.repeat(i % 900)}a:`),
  'ten thousand question marks': '? '.repeat(10_000),
  'two thousand indented levels': lines(2_000, (i) => `${' '.repeat(i)}- `),
  'a list that merges itself': 'a: &a\n  <<: *a\n',
  'a function of JavaScript': 'name: !!js/function "function () { process.exit(1) }"\n',
  'an object of Python': 'name: !!python/object/apply:os.system ["exit"]\n',
  'a key __proto__': '__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n',
  nothing: '',
  'a comment': '# nothing\n',
  'null in place of entries': 'entries: null\n',
  'a number': '1e999\n',
  'many documents': '---\n'.repeat(5_000),
  'directives without end': '%TAG ! x\n'.repeat(5_000),
  'a key of a million characters': `${'k'.repeat(1_000_000)}: 1\n`,
  'two hundred thousand items': '- a\n'.repeat(200_000),
  'fifty thousand keys': lines(50_000, (i) => `k${i}: 1`),
  'fifty thousand anchors': lines(50_000, (i) => `- &a${i} 1`),
}

const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth)
const manifest = (fields: Record<string, unknown>) =>
  JSON.stringify({ name: 'evil', displayName: 'Evil', version: '1.0.0', layer: 'addon', ...fields })

/** pack.json, and why it is refused. */
export const MANIFESTS: Record<string, [string | Uint8Array, RegExp]> = {
  'JSON that was cut': [manifest({}).slice(0, -2), /pack.json is no JSON/],
  nothing: ['', /pack.json is no JSON/],
  'a hundred thousand lists': [nested('[', ']', 100_000), /nested too deeply/],
  'a hundred thousand maps': [`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, /nested too deeply/],
  'depth in a key that we do not know': [
    manifest({ x: JSON.parse(nested('[', ']', 500)) }),
    /nested too deeply/,
  ],
  'a list': ['[]', /its root/],
  null: ['null', /its root/],
  'a number for the name': [manifest({ name: 1 }), /name: /],
  'NaN for the name': [manifest({}).replace('"evil"', 'NaN'), /no JSON/],
  'a list for the annotations': [manifest({ annotations: [1, 2] }), /annotations: /],
  'no UTF-8': [
    Buffer.concat([Buffer.from(manifest({}).slice(0, -1)), Buffer.from(',"x":"\xff"}', 'latin1')]),
    /no JSON/,
  ],
  'half of a pair': [manifest({ group: '\ud800' }), /no text/],
  NUL: [manifest({ group: 'a\0b' }), /no text/],
  'a path for a name': [manifest({ name: '../../etc' }), /name: /],
  'a name of one dot': [manifest({ name: '.' }), /name: /],
  'a name of two dots': [manifest({ name: '..' }), /name: /],
  'a percent sign in the name': [manifest({ name: '%2e%2e' }), /name: /],
  'a backslash in the name': [manifest({ name: 'a\\b' }), /name: /],
  'a name that runs from right to left': [manifest({ name: 'a\u202eb' }), /name: /],
  'a name of a million letters': [manifest({ name: 'a'.repeat(1_000_000) }), /name: /],
  'no name': [manifest({ name: '' }), /name: /],
  '__proto__ for a name': [manifest({ name: '__proto__' }), /name: /],
  'a path for a version': [manifest({ version: '../1' }), /version: /],
  'ten thousand digits for a version': [manifest({ version: '1'.repeat(10_000) }), /version: /],
  'a display name that no index of a database takes': [
    manifest({ displayName: 'x'.repeat(10_000) }),
    /displayName: /,
  ],
  'fifty thousand cloud types': [manifest({ cloudTypes: Array(50_000).fill('aws') }), /cloudTypes: /],
  'a description of a million letters': [
    manifest({ annotations: { description: 'x'.repeat(1_000_000) } }),
    /annotations\.description: /,
  ],
}

const template = (text: string) => `a:\n  schema: ${JSON.stringify(`{{ ${text} }}`)}\n`

/** schema.yaml and values.schema.json: what may be left out, but neither followed nor run. */
export const SCHEMAS: Record<string, string> = {
  'a reference to a file': '{"$schema": "x", "$ref": "file:///dev/zero"}',
  'a reference to a server': '{"$schema": "x", "$ref": "http://169.254.169.254/latest/meta-data"}',
  'a reference to itself': '{"$schema": "x", "$ref": "#"}',
  'a hundred thousand levels': `{"$schema": ${nested('[', ']', 100_000)}}`,
  'a catastrophic pattern': '{"type": "object", "patternProperties": {"^(a+)+$": {"pattern": "^(a|a)*b$"}}}',
  'a catastrophic pattern of a rule': template('format "${string:/^(a+)+$/}"'),
  'a rule of braces': template(`format "${'${a:'.repeat(2_000)}"`),
  'a rule of spaces': template(`format "\${a:${' '.repeat(2_000)}"`),
  'a rule of slashes': template(`format "\${a:${'/'.repeat(5_000)}"`),
  'a rule of hints': template(`hints ${'"a" '.repeat(20_000)}`),
  'a rule without an end': template(`format "${'\\\\'.repeat(50_000)}`),
}

/** Logos, and whether it is tried to make a picture of them: logos.ts has what becomes of them then. */
export const LOGOS: Record<string, [Uint8Array, boolean]> = {
  'an SVG with a script': [
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>'),
    true,
  ],
  'comments that end again and again': [Buffer.from('<!---->'.repeat(1_000)), false],
  'a web page': [Buffer.from('<!doctype html><script>x</script>'), false],
  'a PNG of 60,000 by 60,000': [png(60_000), false],
  'a PNG with a page behind it': [Buffer.concat([png(16), Buffer.from('<script>x</script>')]), true],
  'a GIF that is a script': [Buffer.from('GIF89a/*\x10\x00\x10\x00*/=1;x()', 'latin1'), false],
  'a JPEG that does not say its size': [
    Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(100_000)]),
    false,
  ],
  nothing: [Buffer.alloc(0), false],
}

function png(side: number): Buffer {
  const head = Buffer.from('89504e470d0a1a0a0000000d49484452000000000000000008060000000000', 'hex')
  head.writeUInt32BE(side, 16)
  head.writeUInt32BE(side, 20)
  return head
}
