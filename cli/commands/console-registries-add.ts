import { CheckStep } from '@/lib/adapters/schema'
import { ApiError } from '@/lib/client/call'

import { type Console, withConsole } from '../console'
import { type RegistryInput, type RegistryOptions, toInput } from '../console-registry'
import type { Answer, Context } from '../context'
import { CliError } from '../errors'
import { ladderLines } from '../ladder'

/**
 * Adds a registry to the console, which tests it first and syncs it then. Saved as paused it is neither tested nor
 * synced.
 *
 * @throws CliError `check_failed` with the steps of the connection test; nothing was saved
 */
export const consoleRegistriesAdd = (
  context: Context,
  name: string,
  endpoint: string,
  { paused = false, ...options }: RegistryOptions & { paused?: boolean },
): Promise<Answer> =>
  withConsole(context, async (console) => {
    const { kind, spec } = await toInput(context, endpoint, options)
    context.progress(`Testing ${endpoint}`)
    try {
      const body = { metadata: { name }, spec: { ...spec, packyard: { ...spec.packyard, paused } } }
      const { uid } = await CREATE[kind](console, body, paused)
      return {
        data: { uid, name, kind, paused },
        lines: [paused ? `Added ${name}, paused.` : `Added ${name}. Its first sync begins now.`],
      }
    } catch (error) {
      const steps = stepsOf(error)
      if (!steps) throw error
      const failed = steps.find((one) => one.status === 'failed')
      throw new CliError(
        'check_failed',
        `${failed?.seen ?? 'The test failed.'} Nothing was saved.`,
        failed?.fix ?? '',
        {
          ...{ cause: error, lines: ladderLines(steps), steps },
        },
      )
    }
  })

type Body = Omit<RegistryInput, 'kind'> & { metadata: { name: string } }
type Create = (console: Console, body: Body, paused: boolean) => Promise<{ uid: string }>

const skipping = (paused: boolean) => ({ skipPackSync: paused ? ('true' as const) : ('false' as const) })

const CREATE: Record<RegistryInput['kind'], Create> = {
  pack: (console, body, paused) => console.call('createPackRegistry', { query: skipping(paused), body }),
  oci: (console, body, paused) => console.call('createOciRegistry', { query: skipping(paused), body }),
  helm: (console, { metadata, spec }, paused) =>
    console.call('createHelmRegistry', {
      body: { metadata, spec: { ...spec, createOption: { skipSync: paused } } },
    }),
}

/** The steps of a connection test that the console refused over. */
function stepsOf(error: unknown): CheckStep[] | null {
  if (!(error instanceof ApiError)) return null
  const steps = CheckStep.array().safeParse((error.details as { steps?: unknown } | undefined)?.steps)
  return steps.success ? steps.data : null
}
