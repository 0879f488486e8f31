import { configFile, readConfig, writeConfig } from '../config-file'
import { parseConsole, speakTo } from '../console'
import type { Answer, Context } from '../context'
import { readStdin } from '../credentials'
import { CliError } from '../errors'

export interface ConsoleLoginOptions {
  apiKeyStdin?: boolean
  insecure?: boolean
}

/** Proves an API key to a console and keeps both. @throws CliError */
export async function consoleLogin(
  context: Context,
  text: string,
  { apiKeyStdin, insecure }: ConsoleLoginOptions,
): Promise<Answer> {
  const url = parseConsole(text)
  const apiKey = (apiKeyStdin ? await readStdin('API key') : await askForKey(context, url)).trim()
  const login = { url, apiKey, ...(insecure && { insecure }) }
  const user = await speakTo(login, context, (console) => console.call('whoAmI', {}))
  const config = await readConfig(context.home)
  const key = Buffer.from(apiKey).toString('base64')
  await writeConfig(context.home, { ...config, console: { url, key, ...(insecure && { insecure }) } })
  const file = configFile(context.home)
  context.warn(`WARNING! Your API key will be stored unencrypted in ${file}.`)
  if (url.startsWith('http:'))
    context.warn(`WARNING! ${url} speaks plain HTTP: the key travels in the clear.`)
  else if (insecure) context.warn(`WARNING! The certificate of ${url} is not verified.`)
  const tenant = user.orgName
  return { data: { url, tenant, configFile: file }, lines: [`Logged in to the tenant ${tenant} of ${url}.`] }
}

async function askForKey(context: Context, url: string): Promise<string> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new CliError(
      'wrong_use',
      `${url} asks for an API key, and there is no terminal to ask at.`,
      'Give --api-key-stdin, and the key on standard input. Admin → Settings → API Keys makes one.',
    )
  const prompts = await import('@clack/prompts')
  const key = await prompts.password({
    message: `API key for ${url}`,
    output: process.stderr,
    signal: context.signal,
  })
  if (prompts.isCancel(key)) throw new CliError('cancelled', 'Interrupted.')
  return key
}
