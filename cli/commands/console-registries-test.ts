import type { Answer as Called } from '@/lib/client/call'

import { type Console, withConsole } from '../console'
import { findRegistry, type RegistryOptions, toInput } from '../console-registry'
import type { Answer, Context } from '../context'
import { CliError } from '../errors'
import { ladderLines } from '../ladder'

const looksLikeAddress = (text: string) => /[/:.]/.test(text)

/**
 * Tests the way to a registry from where the console stands: one that it has, by name or uid, or one at an address.
 *
 * @throws CliError `check_failed` with the steps, when one of them failed
 */
export const consoleRegistriesTest = (
  context: Context,
  named: string,
  { endpoint, ...options }: RegistryOptions & { endpoint?: boolean },
): Promise<Answer> =>
  withConsole(context, async (console) => {
    context.progress(`Testing ${named}`)
    const isNew = endpoint || Object.keys(options).length > 0 || looksLikeAddress(named)
    return toAnswer(
      isNew
        ? await console.call('checkRegistry', { body: await toInput(context, named, options) })
        : await testStored(console, named),
    )
  })

async function testStored(console: Console, named: string) {
  const { metadata } = await findRegistry(console, named)
  return console.call('checkRegistry', { body: { registryUid: metadata.uid } })
}

function toAnswer({ passed, endpoint, steps }: Called<'checkRegistry'>): Answer {
  const lines = [endpoint, ...ladderLines(steps)]
  if (passed) return { data: { passed, endpoint, steps }, lines: [...lines, 'All steps passed.'] }
  const failed = steps.find((one) => one.status === 'failed')
  throw new CliError('check_failed', failed?.seen ?? 'The test failed.', failed?.fix ?? '', { lines, steps })
}
