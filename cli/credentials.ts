import type { Context } from './context'
import { CliError } from './errors'

export interface Credentials {
  username: string
  password: string
}

interface Options {
  username?: string
  password?: string
  passwordStdin?: boolean
}

const STDIN_BYTES = 64 * 1024

/**
 * User name and password from the command line, standard input, or a person at a terminal.
 *
 * @returns `given`: what came without asking, or null; `ask`: asks for what is missing
 * @throws CliError `wrong_use` for options that contradict one another
 */
export function readCredentials(
  context: Context,
  { username, password, passwordStdin }: Options,
): { given: Promise<Credentials | null>; ask(server: string): Promise<Credentials> } {
  if (password !== undefined && passwordStdin)
    throw new CliError(
      'wrong_use',
      '--password and --password-stdin exclude one another.',
      'Use --password-stdin alone.',
    )
  if (passwordStdin && username === undefined)
    throw new CliError('wrong_use', '--password-stdin needs --username.', 'Add --username USER.')
  if (username?.includes(':') || username === '')
    throw new CliError('wrong_use', 'A user name is not empty and holds no colon.')
  if (password !== undefined)
    context.warn('WARNING! Using --password via the CLI is insecure. Use --password-stdin.')

  const known = async () => {
    if (username === undefined) return null
    if (passwordStdin) return { username, password: await readStdin() }
    return password === undefined ? null : { username, password }
  }
  return {
    given: known(),
    async ask(server) {
      if (!process.stdin.isTTY || !process.stderr.isTTY)
        throw new CliError(
          'wrong_use',
          `${server} asks for user name and password, and there is no terminal to ask at.`,
          'Give --username USER --password-stdin, and the password on standard input.',
        )
      return askAtTerminal(server, { username, password }, context.signal)
    },
  }
}

/** A secret on standard input, without the line end. @throws CliError `wrong_use` where there is none */
export async function readStdin(what = 'password'): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    size += (chunk as Uint8Array).length
    if (size > STDIN_BYTES)
      throw new CliError(
        'wrong_use',
        `Standard input is too long for ${what === 'API key' ? 'an' : 'a'} ${what}.`,
      )
    chunks.push(chunk as Uint8Array)
  }
  const password = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
  if (password === '') throw new CliError('wrong_use', `There is no ${what} on standard input.`)
  return password
}

async function askAtTerminal(
  server: string,
  { username, password }: Partial<Credentials>,
  signal: AbortSignal,
): Promise<Credentials> {
  const prompts = await import('@clack/prompts')
  const shared = { output: process.stderr, signal }
  const must = (answer: string | symbol): string => {
    if (typeof answer === 'string') return answer
    throw new CliError('cancelled', 'Cancelled. Nothing was saved.')
  }
  const user =
    username ??
    must(
      await prompts.text({
        ...shared,
        message: `User name for ${server}`,
        validate: (value) => (!value || value.includes(':') ? 'Enter a name without a colon.' : undefined),
      }),
    )
  const secret =
    password ??
    must(
      await prompts.password({
        ...shared,
        message: 'Password',
        validate: (value) => (value ? undefined : 'Enter the password.'),
      }),
    )
  return { username: user, password: secret }
}
