import { readConfig, writeConfig } from '../config-file'
import type { Answer, Context } from '../context'

/** Forgets the console and its API key. The key works on: it is deleted in the console. */
export async function consoleLogout(context: Context): Promise<Answer> {
  const { console: kept, ...config } = await readConfig(context.home)
  if (!kept) return { data: { url: null }, lines: ['There was no login to a console.'] }
  await writeConfig(context.home, config)
  return {
    data: { url: kept.url },
    lines: [`Forgot ${kept.url}. Its API key works until it is deleted there.`],
  }
}
