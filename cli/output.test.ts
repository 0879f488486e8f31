import { PassThrough } from 'node:stream'

import { expect, test, vi } from 'vitest'

import { CliError } from './errors'
import { jsonOutput, textOutput } from './output'

function screen(isTTY = false) {
  const make = () => Object.assign(new PassThrough(), { isTTY, columns: 20 }) as unknown as NodeJS.WriteStream
  const [out, err] = [make(), make()]
  const read = () => ({ out: String(out.read() ?? ''), err: String(err.read() ?? '') })
  return { out, err, read }
}

test('what a registry says cannot steer a terminal', () => {
  const { out, err, read } = screen()
  const output = textOutput(out, err)
  output.answer({ data: {}, lines: ['evil\u001b[2J\u009b name\nsecond'] })
  output.fail(new CliError('refused', 'said \u001b]0;title\u0007'))
  expect(read()).toEqual({ out: 'evil[2J namesecond\n', err: 'said ]0;title\n' })
})

test('colours are for terminals whose people want them, and tabs stay', () => {
  const lines = [{ text: '+\tnew \u001b[0m', tone: 'added' as const }, '\tplain']
  const piped = screen()
  textOutput(piped.out, piped.err).answer({ data: {}, lines })
  expect(piped.read().out).toBe('+\tnew [0m\n\tplain\n')
  const terminal = screen(true)
  textOutput(terminal.out, terminal.err).answer({ data: {}, lines })
  expect(terminal.read().out).toBe('\u001b[32m+\tnew [0m\u001b[0m\n\tplain\n')
  vi.stubEnv('NO_COLOR', '1')
  textOutput(terminal.out, terminal.err).answer({ data: {}, lines })
  vi.unstubAllEnvs()
  expect(terminal.read().out).toBe('+\tnew [0m\n\tplain\n')
})

test('progress is for terminals, one line that goes before anything else is said', () => {
  const piped = screen()
  textOutput(piped.out, piped.err).progress('half')
  expect(piped.read()).toEqual({ out: '', err: '' })
  const terminal = screen(true)
  const output = textOutput(terminal.out, terminal.err)
  output.progress('Pushing a:1  1.0 MiB of 2.0 MiB')
  output.answer({ data: {}, lines: ['Pushed'] })
  expect(terminal.read()).toEqual({ out: 'Pushed\n', err: '\r\u001b[2KPushing a:1  1.0 Mi\r\u001b[2K' })
})

test('JSON is one document, with the warnings inside', () => {
  const good = screen()
  const output = jsonOutput(good.out, good.err)
  output.warn('Careful.')
  output.answer({ data: { a: 1 }, lines: ['not this'] })
  const said = good.read()
  expect(JSON.parse(said.out)).toEqual({ a: 1, warnings: ['Careful.'] })
  expect(said.err).toBe('')
  const bad = screen()
  jsonOutput(bad.out, bad.err).fail(new CliError('conflict', 'It exists.', 'Raise the version.'))
  const failed = bad.read()
  expect(failed.out).toBe('')
  expect(JSON.parse(failed.err)).toEqual({
    error: { code: 'conflict', message: 'It exists.', fix: 'Raise the version.' },
    warnings: [],
  })
})
