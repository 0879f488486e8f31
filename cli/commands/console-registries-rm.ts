import { withConsole } from '../console'
import { findRegistry } from '../console-registry'
import type { Answer, Context } from '../context'

/** Deletes a registry and its catalog from the console. @throws CliError `conflict` while profiles use it */
export const consoleRegistriesRm = (context: Context, named: string): Promise<Answer> =>
  withConsole(context, async (console) => {
    const { metadata } = await findRegistry(console, named)
    await console.call('deleteRegistry', { params: { uid: metadata.uid } })
    return {
      data: { uid: metadata.uid, name: metadata.name },
      lines: [`Deleted ${metadata.name} and its catalog.`],
    }
  })
