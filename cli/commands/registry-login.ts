import type { OutboundResponse } from '@/lib/outbound/client'
import { OutboundError } from '@/lib/outbound/errors'

import { configFile, encodeAuth, type Login, readConfig, writeConfig } from '../config-file'
import { connect } from '../connect'
import type { Answer, Context } from '../context'
import { type Credentials, readCredentials } from '../credentials'
import { CliError } from '../errors'
import { explain } from '../explain'
import { parseServer, type ServerName } from '../server-name'

export interface LoginOptions {
  insecure?: boolean
  default?: boolean
  username?: string
  password?: string
  passwordStdin?: boolean
}

const ANSWER_BYTES = 64 * 1024

/**
 * Proves credentials to a registry and keeps them.
 *
 * They are sent only to what has answered like a pack registry before. `--insecure` tries TLS without verifying it,
 * then plain HTTP; without it HTTP is never spoken.
 *
 * @throws CliError
 */
export async function registryLogin(context: Context, text: string, options: LoginOptions): Promise<Answer> {
  const server = parseServer(text)
  const { name } = server
  if (server.scheme === 'http' && !options.insecure)
    throw new CliError(
      'wrong_use',
      `${name} would be spoken to in plain HTTP: passwords and packs would travel in the clear.`,
      `Write https://, or accept that: packyard registry login ${text} --insecure`,
    )
  const credentials = readCredentials(context, options)
  const given = await credentials.given
  const { login, asks } = await findRegistry(server, options.insecure === true, context)
  const used = asks || given ? (given ?? (await credentials.ask(name))) : null
  if (used) await prove(name, login, used, context)

  const config = await readConfig(context.home)
  const kept: Login = { ...(used && { auth: encodeAuth(used.username, used.password) }), ...login }
  const isDefault = options.default === true || config.defaultRegistry === name
  await writeConfig(context.home, {
    ...config,
    auths: { ...config.auths, [name]: kept },
    ...(isDefault && { defaultRegistry: name }),
  })
  const file = configFile(context.home)
  if (used) context.warn(`WARNING! Your password will be stored unencrypted in ${file}.`)
  if (login.http) context.warn(`WARNING! ${name} speaks plain HTTP: passwords and packs travel in the clear.`)
  else if (login.insecure) context.warn(`WARNING! The certificate of ${name} is not verified.`)
  return {
    data: {
      server: name,
      user: used?.username ?? null,
      insecure: login.insecure === true,
      http: login.http === true,
      default: isDefault,
      configFile: file,
    },
    lines: [...(used ? [] : [`${name} asks nobody for a name.`]), 'Login Succeeded'],
  }
}

type Found = Pick<Login, 'insecure' | 'http'>

/** After these, plain HTTP may be what is spoken there. */
const MAY_BE_HTTP = ['tls_protocol', 'reset', 'refused', 'timeout_connect', 'unreachable', 'not_http']

/** Finds out how a registry is spoken to, and whether it asks for credentials. None are sent. @throws CliError */
async function findRegistry(
  { name, scheme }: ServerName,
  isInsecure: boolean,
  context: Context,
): Promise<{ login: Found; asks: boolean }> {
  const tls: Found = isInsecure ? { insecure: true } : {}
  const http: Found = { insecure: true, http: true }
  const ways = scheme === 'http' ? [http] : isInsecure && scheme === null ? [tls, http] : [tls]
  let first: unknown
  for (const login of ways) {
    const { endpoint, outbound } = await connect(name, login, { type: 'none' }, context.home)
    try {
      const response = await outbound.request('GET', `${endpoint}/v1/`, {
        signal: context.signal,
        maxBytes: ANSWER_BYTES,
      })
      return { login, asks: await asksForCredentials(response, name) }
    } catch (error) {
      first ??= error
      if (!(error instanceof OutboundError) || !MAY_BE_HTTP.includes(error.code)) throw explain(error, name)
    } finally {
      await outbound.close()
    }
  }
  throw explain(first, name)
}

/** @throws CliError `not_a_registry` unless this is how a pack registry answers a stranger */
async function asksForCredentials(response: OutboundResponse, server: string): Promise<boolean> {
  const { status, headers } = response
  const text = await response.text()
  const refuse = (saw: string) =>
    new CliError(
      'not_a_registry',
      `${server} is not a pack registry: it answered with ${saw}.`,
      'Check the address. A pack registry answers under /v1/.',
    )
  if (/html/i.test(headers.get('content-type') ?? '') || /^\s*</.test(text)) throw refuse('a web page')
  if (status === 200) return false
  if (status !== 401) throw refuse(`status ${status}`)
  if (!/^basic\b/i.test(headers.get('www-authenticate') ?? ''))
    throw refuse('a request for another kind of sign-in')
  return true
}

/** @throws CliError `unauthorized` when the registry says no */
async function prove(
  server: string,
  login: Found,
  credentials: Credentials,
  context: Context,
): Promise<void> {
  const auth = { type: 'basic', ...credentials } as const
  const { endpoint, outbound } = await connect(server, login, auth, context.home)
  try {
    const response = await outbound.request('GET', `${endpoint}/v1/`, {
      signal: context.signal,
      maxBytes: ANSWER_BYTES,
    })
    await response.discard()
    if (response.status === 200) return
    if (response.status === 401)
      throw new CliError(
        'unauthorized',
        `${server} refused the user name or the password (401).`,
        'Check both. Nothing was saved.',
      )
    throw new CliError('refused', `${server} answered ${response.status} to the login. Nothing was saved.`)
  } catch (error) {
    throw explain(error, server)
  } finally {
    await outbound.close()
  }
}
