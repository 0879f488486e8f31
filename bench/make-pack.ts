import type { PackFiles } from '@/lib/pack-format/archive'

const text = (content: string) => ({ bytes: Buffer.from(content), executable: false })

/** About 14 KiB each, as real packs have: values and README of their own, a logo shared by all versions. */
export function makePack(pack: number, version: number, change = ''): PackFiles {
  const name = `pack-${String(pack).padStart(5, '0')}`
  const line = (i: number) => `  option-${i}: "${name} ${version} ${i} ${change}"\n`
  const lines = Array.from({ length: 120 }, (_, i) => line(i)).join('')
  return new Map([
    [
      'pack.json',
      text(JSON.stringify({ name, displayName: name, version: `1.${version}.0`, layer: 'addon' })),
    ],
    ['values.yaml', text(`pack:\n${lines}`)],
    ['README.md', text(`# ${name} ${version}\n\n${'What it is, and how it is set up. '.repeat(240)}`)],
    ['logo.png', { bytes: Buffer.concat([PNG, Buffer.alloc(2048, pack % 251)]), executable: false }],
    ['charts/chart.tgz', { bytes: Buffer.alloc(4096, version), executable: false }],
  ])
}
const PNG = Buffer.from('iVBORw0KGgo=', 'base64')
