import type { Answer, Context, TonedLine } from './context'
import type { CliError } from './errors'

export interface Output extends Pick<Context, 'warn' | 'progress'> {
  answer(answer: Answer): void
  fail(error: CliError): void
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: names and messages of a registry must not steer a terminal
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g
const clean = (text: string) => text.replace(CONTROL, '')

/** SGR codes. @see https://ecma-international.org/publications-and-standards/standards/ecma-48/ */
const COLOURS: Record<TonedLine['tone'], number> = { added: 32, removed: 31, place: 36, heading: 1 }

/** @see https://no-color.org */
const isColoured = (stream: NodeJS.WriteStream) => stream.isTTY && !process.env.NO_COLOR

const lineOf = (line: string | TonedLine, coloured: boolean): string => {
  if (typeof line === 'string') return clean(line)
  return coloured ? `\u001b[${COLOURS[line.tone]}m${clean(line.text)}\u001b[0m` : clean(line.text)
}

/** Plain lines for people: results on standard output, everything else on standard error. */
export function textOutput(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Output {
  let shown = false
  const progress = (text: string) => {
    if (!stderr.isTTY || (text === '' && !shown)) return
    stderr.write(`\r\u001b[2K${clean(text).slice(0, stderr.columns - 1)}`)
    shown = text !== ''
  }
  const say = (stream: NodeJS.WriteStream, lines: Answer['lines']) => {
    progress('')
    stream.write(lines.map((line) => `${lineOf(line, isColoured(stream))}\n`).join(''))
  }
  return {
    progress,
    warn: (text) => say(stderr, [text]),
    answer: ({ lines }) => say(stdout, lines),
    fail({ message, fix, details }) {
      const found = (details.findings ?? []).flatMap((one) => [
        `${one.level} ${one.file}: ${one.message}`,
        `      ${one.fix}`,
      ])
      say(stderr, [...found, ...(details.lines ?? []), message, ...(fix ? [fix] : [])])
    },
  }
}

/** One JSON document: the result on standard output, or the error on standard error. Warnings are inside. */
export function jsonOutput(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Output {
  const warnings: string[] = []
  return {
    progress() {},
    warn: (text) => void warnings.push(text),
    answer: ({ data }) => void stdout.write(`${JSON.stringify({ ...data, warnings }, null, 2)}\n`),
    fail({ code, message, fix, details: { findings, steps } }) {
      const error = { code, message, fix, ...(findings && { findings }), ...(steps && { steps }) }
      stderr.write(`${JSON.stringify({ error, warnings }, null, 2)}\n`)
    },
  }
}
