import { readConfig, writeConfig } from '../config-file'
import type { Answer, Context } from '../context'
import { parseServer } from '../server-name'

/** Forgets the login to a registry. Without one there is nothing to do, and that is no failure. */
export async function registryLogout(context: Context, text: string): Promise<Answer> {
  const { name } = parseServer(text)
  const config = await readConfig(context.home)
  if (!config.auths[name])
    return { data: { server: name, removed: false }, lines: [`There is no login to ${name}.`] }
  const { [name]: _, ...auths } = config.auths
  const { defaultRegistry, ...rest } = config
  await writeConfig(context.home, {
    ...rest,
    auths,
    ...(defaultRegistry !== name && defaultRegistry !== undefined && { defaultRegistry }),
  })
  return { data: { server: name, removed: true }, lines: [`Login to ${name} removed.`] }
}
