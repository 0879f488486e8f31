/** One entry of a tar as an attacker writes it: nothing is checked. */
export interface RawEntry {
  name: string
  /** Type flag: '0' a file, '1' and '2' links, '3' to '6' devices, folder and pipe, 'S' sparse, 'x' and 'g' PAX. */
  type?: string
  linkname?: string
  content?: string | Uint8Array
  /** Said instead of the content's own size. */
  size?: number
}

const BLOCK = 512

/** @see https://www.gnu.org/software/tar/manual/html_node/Standard.html */
export function rawTar(entries: readonly RawEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = Buffer.from(entry.content ?? '')
    const header = headerOf(entry, content.length)
    return [header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)])
}

function headerOf({ name, type = '0', linkname = '', size }: RawEntry, length: number): Buffer {
  const header = Buffer.alloc(BLOCK)
  header.write(name, 0, 100)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  const said = size ?? length
  if (said >= 0 && said < 0o77777777777) header.write(`${said.toString(8).padStart(11, '0')}\0`, 124)
  else {
    // In base 256, as GNU tar writes what octal digits cannot say.
    header.writeBigInt64BE(BigInt(said), 128)
    header[124] = said < 0 ? 0xff : 0x80
  }
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write(type, 156)
  header.write(linkname, 157, 100)
  header.write('ustar\x0000', 257, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** A PAX header that says this of the entry behind it. */
export const pax = (records: Record<string, string>, type: 'x' | 'g' = 'x'): RawEntry => ({
  name: 'PaxHeader/x',
  type,
  content: Object.entries(records).map(record).join(''),
})

function record([key, value]: [string, string]): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  let length = rest + String(rest).length
  length = rest + String(length).length
  return `${length} ${key}=${value}\n`
}
