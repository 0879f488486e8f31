/** About so many characters are read at once: a browser does that without a pause that people notice. */
const PIECE = 16 * 1024
/**
 * The time that a reader of Markdown takes grows with the square of what stands in one paragraph, cell or item, and with
 * how deep quotes and lists are nested. No text that people wrote comes near these.
 */
const RUN_MAX = 4 * 1024
const COLUMNS_MAX = 100
const QUOTES_MAX = 12
const INDENT_MAX = 64

const FENCE = /^ {0,3}(`{3,}|~{3,})/
const DEFINITION = /^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S/
/** What begins a block of its own, so that no paragraph goes on through it. */
const BEGINS = /^\s*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|\||>)/

interface Block {
  lines: string[]
  /** It is code, or has to be shown as it stands. */
  isPlain: boolean
}

/**
 * A README in pieces that are read one by one, each at a blank line; what would keep a reader of Markdown busy is put
 * between fences, so that it is shown as it stands. References that the text defines go with every piece.
 */
export function piecesOf(text: string): string[] {
  const blocks = blocksOf(text.replaceAll('\r\n', '\n').split('\n'))
  const definitions = definitionsOf(blocks)
  const pieces: string[] = []
  let piece = ''
  const end = () => {
    if (piece.trim()) pieces.push(piece)
    piece = ''
  }
  for (const block of blocks) {
    const written = (
      block.isPlain && !FENCE.test(block.lines[0] ?? '') ? fenced(block.lines) : block.lines
    ).join('\n')
    // Whatever is indented goes on with what stands before it.
    if (piece.length + written.length > PIECE && !/^\s/.test(written)) end()
    for (const part of partsOf(written, block.isPlain)) {
      if (piece.length + part.length > 2 * PIECE) end()
      piece += `${part}\n\n`
    }
  }
  end()
  return definitions === '' || pieces.length < 2 ? pieces : pieces.map((one) => `${one}\n\n${definitions}`)
}

/** What stands between blank lines, code with its blank lines as one. */
function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = []
  let block: Block = { lines: [], isPlain: false }
  const end = () => {
    if (block.lines.length > 0)
      blocks.push(block.isPlain ? block : { ...block, isPlain: isTooMuch(block.lines) })
    block = { lines: [], isPlain: false }
  }
  let fence = ''
  for (const line of lines) {
    const [, mark = ''] = FENCE.exec(line) ?? []
    if (fence) {
      block.lines.push(line)
      if (mark.startsWith(fence) && line.trim() === mark) {
        fence = ''
        end()
      }
    } else if (mark && block.lines.length === 0) {
      fence = mark
      block = { lines: [line], isPlain: true }
    } else if (mark) {
      end()
      fence = mark
      block = { lines: [line], isPlain: true }
    } else if (line.trim() === '') end()
    else block.lines.push(line)
  }
  end()
  return blocks
}

function isTooMuch(lines: readonly string[]): boolean {
  let run = 0
  for (const line of lines) {
    run = BEGINS.test(line) ? line.length : run + line.length
    if (run > RUN_MAX && !line.startsWith('|')) return true
    if (line.startsWith('|') && (line.length > 4 * RUN_MAX || line.split('|').length > COLUMNS_MAX))
      return true
    const [head = ''] = /^[\s>]*/.exec(line) ?? []
    if (head.length > INDENT_MAX || head.split('>').length - 1 > QUOTES_MAX) return true
    // Several markers on one line nest as indents do.
    if (/^(?:\s*(?:[-*+>]|\d{1,9}[.)])[ \t]*){13}/.test(line.slice(0, 200))) return true
  }
  return false
}

/** Between fences that are longer than any in it. */
function fenced(lines: readonly string[]): string[] {
  const longest = lines.reduce((most, line) => Math.max(most, FENCE.exec(line)?.[1]?.length ?? 0), 2)
  const fence = '`'.repeat(Math.min(longest, 100) + 1)
  return [`${fence}text`, ...lines, fence]
}

/** A block that is larger than a piece, in parts: code goes on as code. */
function partsOf(written: string, isPlain: boolean): string[] {
  if (written.length <= 2 * PIECE) return [written]
  const lines = written.split('\n').flatMap((line) => line.match(/.{1,8192}/gs) ?? [''])
  const [first = '', last = ''] = [lines[0], lines.at(-1)]
  const parts: string[] = []
  let part: string[] = []
  let size = 0
  for (const line of isPlain ? lines.slice(1, -1) : lines) {
    part.push(line)
    size += line.length + 1
    if (size < PIECE) continue
    parts.push(part.join('\n'))
    part = []
    size = 0
  }
  if (part.length > 0) parts.push(part.join('\n'))
  return isPlain ? parts.map((one) => `${first}\n${one}\n${last}`) : parts
}

const DEFINITIONS_MAX = 200

function definitionsOf(blocks: readonly Block[]): string {
  const found: string[] = []
  for (const { lines, isPlain } of blocks) {
    if (isPlain) continue
    for (const line of lines)
      if (found.length < DEFINITIONS_MAX && line.length < 1024 && DEFINITION.test(line)) found.push(line)
  }
  return found.join('\n')
}
