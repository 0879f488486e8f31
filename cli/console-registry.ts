import { readFile } from 'node:fs/promises'

import type { RegistryKind } from '@/lib/adapters/schema'
import type { Answer, Request } from '@/lib/client/call'

import type { Console } from './console'
import type { Context } from './context'
import { readCredentials, readStdin } from './credentials'
import { CliError } from './errors'

export type Registry = Answer<'listRegistries'>['items'][number]

const PAGE = 50
const PEM_BYTES = 1024 * 1024

/** Every registry of the tenant. */
export async function allRegistries(console: Console): Promise<Registry[]> {
  const found: Registry[] = []
  let next = ''
  do {
    const page = await console.call('listRegistries', { query: { limit: PAGE, continue: next } })
    found.push(...page.items)
    next = page.listmeta.continue
  } while (next)
  return found
}

/** The registry with this name or uid. @throws CliError `not_found` */
export async function findRegistry(console: Console, named: string): Promise<Registry> {
  const all = await allRegistries(console)
  const found =
    all.find(({ metadata }) => metadata.uid === named) ?? all.find(({ metadata }) => metadata.name === named)
  if (found) return found
  throw new CliError(
    'not_found',
    `${console.url} has no registry named ${named}.`,
    all.length > 0 ? `It has: ${all.map(({ metadata }) => metadata.name).join(', ')}` : 'It has none yet.',
  )
}

/** How a registry is entered on the command line. */
export interface RegistryOptions {
  kind?: RegistryKind
  username?: string
  password?: string
  passwordStdin?: boolean
  tokenStdin?: boolean
  ca?: string
  clientCert?: string
  clientKey?: string
  insecure?: boolean
  charts?: boolean
  basePath?: string
  repository?: string[]
  tokenServer?: string
  every?: string
}

export interface RegistryInput {
  kind: RegistryKind
  spec: NonNullable<Request<'checkRegistry'>['body']['spec']>
}

/** What was entered, in the words of the API. @throws CliError `wrong_use` */
export async function toInput(
  context: Context,
  endpoint: string,
  options: RegistryOptions,
): Promise<RegistryInput> {
  const kind = options.kind ?? 'pack'
  const minutes = options.every === undefined ? undefined : Number(options.every)
  if (minutes !== undefined && !Number.isInteger(minutes))
    throw new CliError('wrong_use', 'The interval is a number of minutes.', 'Write --every 15.')
  const tls = {
    enabled: !/^\s*http:/i.test(endpoint),
    insecureSkipVerify: options.insecure === true,
    ca: options.ca === undefined ? '' : await readPem(options.ca, 'CERTIFICATE'),
    ...(await readClient(options)),
  }
  const isOci = kind === 'oci'
  const { repository: repositories = [], tokenServer = '' } = options
  return {
    kind,
    spec: {
      endpoint,
      auth: { ...(await readAuth(context, endpoint, options)), tls },
      ...(isOci && {
        providerType: options.charts ? ('helm' as const) : ('pack' as const),
        baseContentPath: options.basePath ?? '',
      }),
      packyard: {
        ...(minutes !== undefined && { syncEveryMinutes: minutes }),
        ...(isOci && { repositories, tokenServer }),
      },
    },
  }
}

async function readAuth(context: Context, endpoint: string, options: RegistryOptions) {
  if (options.tokenStdin) {
    if (options.username !== undefined || options.passwordStdin)
      throw new CliError('wrong_use', 'A token stands alone.', 'Leave out --username and --password-stdin.')
    return { type: 'token' as const, token: await readStdin('token') }
  }
  if (options.username === undefined) return { type: 'noAuth' as const }
  const credentials = readCredentials(context, options)
  return { type: 'basic' as const, ...((await credentials.given) ?? (await credentials.ask(endpoint))) }
}

/** @throws CliError `wrong_use` where one is given without the other */
async function readClient({ clientCert, clientKey }: RegistryOptions) {
  if (clientCert === undefined && clientKey === undefined) return {}
  if (clientCert === undefined || clientKey === undefined)
    throw new CliError(
      'wrong_use',
      'A client certificate needs its key.',
      'Give --client-cert and --client-key.',
    )
  return {
    certificate: await readPem(clientCert, 'CERTIFICATE'),
    key: await readPem(clientKey, 'PRIVATE KEY'),
  }
}

async function readPem(file: string, what: 'CERTIFICATE' | 'PRIVATE KEY'): Promise<string> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new CliError('failed', `${file} cannot be read.`, 'Check the path.', { cause })
  }
  if (text.length > PEM_BYTES || !new RegExp(`-----BEGIN (?:[A-Z]+ )?${what}-----`).test(text))
    throw new CliError('failed', `${file} holds no ${what.toLowerCase()}.`, 'The file is PEM.')
  return text
}
