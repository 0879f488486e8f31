import { gzipSync } from 'node:zlib'

import { pax, type RawEntry, rawTar } from './raw-tar'

/** What has to become of an archive: its reason where it is refused, otherwise it is read without what is hostile. */
export interface ArchiveCase {
  is: string
  /** Beside the files that make it a pack or a chart. */
  more?: RawEntry[]
  /** The whole archive, where it is not made of entries. */
  bytes?: () => Buffer
  pack: RegExp | 'read'
  chart: RegExp | 'read'
}

const evil = (name: string, more: Partial<RawEntry> = {}): RawEntry => ({ name, content: 'evil', ...more })
const ofType = (type: string, linkname = ''): RawEntry => ({ name: 'x/evil', type, linkname })
const zeros = (bytes: number) => gzipSync(Buffer.alloc(bytes), { level: 9 })
const MIB = 1024 * 1024

/** Ten gigabytes of zeros: members of gzip may follow one another. */
const tenGigabytes = () => Buffer.concat(Array<Buffer>(100).fill(zeros(100 * MIB)))

/** Sixteen archives in each, five deep, with four gigabytes in the last. */
function nest(): Buffer {
  let inner = zeros(16 * MIB)
  for (let depth = 0; depth < 5; depth++)
    inner = gzipSync(rawTar(Array.from({ length: 16 }, (_, i) => ({ name: `x/${i}.tgz`, content: inner }))))
  return inner
}

const LEADS_OUT = /leads out of the pack/
const NOT_RELATIVE = /not relative/
const ONLY_FILES = /only regular files are taken/
const UNSOUND = /is no sound tar archive|is no packed chart/
const BOMB = /is too large when unpacked/

export const ARCHIVES: ArchiveCase[] = [
  { is: 'a path out of the archive', more: [evil('../evil')], pack: LEADS_OUT, chart: 'read' },
  { is: 'a path out of its folder', more: [evil('x/../../evil')], pack: LEADS_OUT, chart: 'read' },
  { is: 'an absolute path', more: [evil('/tmp/evil')], pack: NOT_RELATIVE, chart: 'read' },
  { is: 'a path on a drive', more: [evil('C:evil')], pack: NOT_RELATIVE, chart: 'read' },
  { is: 'a path with backslashes', more: [evil('..\\..\\evil')], pack: NOT_RELATIVE, chart: 'read' },
  { is: 'a file named .', more: [evil('x/.')], pack: LEADS_OUT, chart: 'read' },
  { is: 'a file named ..', more: [evil('..')], pack: LEADS_OUT, chart: 'read' },
  { is: 'a symbolic link out', more: [ofType('2', '/etc/passwd')], pack: ONLY_FILES, chart: 'read' },
  {
    is: 'values that are a symbolic link out',
    more: [{ name: 'x/values.yaml', type: '2', linkname: '/etc/passwd' }],
    pack: ONLY_FILES,
    chart: 'read',
  },
  { is: 'a hard link out', more: [ofType('1', '../../etc/passwd')], pack: ONLY_FILES, chart: 'read' },
  { is: 'a character device', more: [ofType('3')], pack: ONLY_FILES, chart: 'read' },
  { is: 'a block device', more: [ofType('4')], pack: ONLY_FILES, chart: 'read' },
  { is: 'a pipe', more: [ofType('6')], pack: ONLY_FILES, chart: 'read' },
  { is: 'a sparse file', more: [evil('x/evil', { type: 'S' })], pack: ONLY_FILES, chart: 'read' },
  {
    is: 'a file twice',
    more: [evil('x/readme.md'), evil('x/readme.md')],
    pack: /is there twice/,
    chart: /holds readme.md twice/,
  },
  {
    is: 'two names that a file system takes for one',
    more: [evil('x/caf\u00e9'), evil('x/cafe\u0301')],
    pack: /is there twice/,
    chart: 'read',
  },
  {
    is: 'more files than are counted',
    more: Array.from({ length: 25_000 }, (_, i) => evil(`x/${i}`, { content: '' })),
    pack: /one more than 5000 files/,
    chart: /more than 20,000 files/,
  },
  {
    is: 'a file of one terabyte',
    more: [evil('x/evil', { size: 1e12 })],
    pack: /is too large/,
    chart: UNSOUND,
  },
  {
    is: 'values of one terabyte',
    more: [evil('x/values.yaml', { size: 1e12 })],
    pack: /is too large/,
    chart: /values.yaml of more than/,
  },
  { is: 'a file of a negative size', more: [evil('x/evil', { size: -1 })], pack: UNSOUND, chart: UNSOUND },
  {
    is: 'a path that PAX puts elsewhere',
    more: [pax({ path: '../../evil' }), evil('x/harmless')],
    pack: LEADS_OUT,
    chart: 'read',
  },
  {
    is: 'a size that PAX makes a terabyte',
    more: [pax({ size: '1000000000000' }), evil('x/evil')],
    pack: /is too large/,
    chart: UNSOUND,
  },
  {
    is: 'a NUL in the path of PAX',
    more: [pax({ path: 'x/values.yaml\0.png' }), evil('x/harmless')],
    pack: /control characters/,
    chart: 'read',
  },
  {
    is: 'PAX for all entries that leads out',
    more: [pax({ path: '/tmp/evil' }, 'g'), pax({ comment: 'x' }), evil('x/harmless')],
    pack: NOT_RELATIVE,
    chart: 'read',
  },
  {
    is: 'a PAX header without an end',
    more: [{ name: 'x', type: 'x', size: 64 * MIB, content: 'x' }],
    pack: UNSOUND,
    chart: UNSOUND,
  },
  { is: 'archives in archives in archives', bytes: nest, pack: /holds no pack.json/, chart: /no Chart.yaml/ },
  { is: 'ten gigabytes of zeros', bytes: tenGigabytes, pack: BOMB, chart: BOMB },
  { is: 'a hundred megabytes of zeros', bytes: () => zeros(100 * MIB), pack: BOMB, chart: BOMB },
  { is: 'nothing', bytes: () => Buffer.alloc(0), pack: /no pack.json/, chart: UNSOUND },
  {
    is: 'half of an archive',
    bytes: () => zeros(MIB).subarray(0, 300),
    pack: /no sound gzip/,
    chart: UNSOUND,
  },
  { is: 'no archive', bytes: () => Buffer.from('<html>'.repeat(1000)), pack: UNSOUND, chart: UNSOUND },
]
