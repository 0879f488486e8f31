import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { z } from 'zod'

import { CliError } from './errors'

const Login = z.looseObject({
  /** base64 of `user:password`; absent where the registry asks for none. */
  auth: z.string().optional(),
  /** Its certificate is not verified. */
  insecure: z.boolean().optional(),
  /** It speaks plain HTTP. */
  http: z.boolean().optional(),
})
export type Login = z.infer<typeof Login>

/** The file's form is docker's, so that what reads docker's reads ours. Keys that we do not know are kept. */
const Config = z.looseObject({
  auths: z.record(z.string(), Login).default({}),
  defaultRegistry: z.string().optional(),
  /** The console that `packyard console` speaks to. */
  console: z
    .looseObject({
      url: z.string(),
      /** base64 of the API key. */
      key: z.string(),
      insecure: z.boolean().optional(),
    })
    .optional(),
})
export type Config = z.infer<typeof Config>

export const configFile = (home: string): string => join(home, 'config.json')

/**
 * The logins. Without a file there are none.
 *
 * @throws CliError `failed` for a file that is not readable as such
 */
export async function readConfig(home: string): Promise<Config> {
  const file = configFile(home)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if (isMissing(cause)) return { auths: {} }
    throw new CliError('failed', `${file} cannot be read.`, 'Check its owner and its rights.', { cause })
  }
  try {
    return Config.parse(JSON.parse(text))
  } catch {
    // The cause could quote the file, which holds passwords: it is not passed on.
    throw new CliError(
      'failed',
      `${file} is not the file that it should be.`,
      'Mend it, or remove it and log in again.',
    )
  }
}

/** Writes the whole file, readable by its owner alone: either the old content or the new, never half of it. */
export async function writeConfig(home: string, config: Config): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  // A link leads to the real file, wherever somebody keeps it.
  const file = await realpath(configFile(home)).catch(() => configFile(home))
  const next = join(dirname(file), `.config.json.${randomBytes(6).toString('hex')}`)
  try {
    const handle = await open(next, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(config, null, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(next, file)
  } catch (cause) {
    await rm(next, { force: true })
    throw new CliError(
      'failed',
      `${file} cannot be written.`,
      'Check its owner, its rights and the space left.',
      {
        cause,
      },
    )
  }
}

export const encodeAuth = (user: string, password: string): string =>
  Buffer.from(`${user}:${password}`).toString('base64')

/** @returns null where there is no login, or none that can be read */
export function decodeAuth({ auth }: Login): { username: string; password: string } | null {
  const text = Buffer.from(auth ?? '', 'base64').toString('utf8')
  const at = text.indexOf(':')
  return at < 1 ? null : { username: text.slice(0, at), password: text.slice(at + 1) }
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'
