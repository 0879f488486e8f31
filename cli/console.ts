import { type Answer, ApiError, call, type OperationId, type Request } from '@/lib/client/call'
import { createOutbound } from '@/lib/outbound/client'
import { OutboundError } from '@/lib/outbound/errors'
import { allowAll } from '@/lib/outbound/policy'

import { trustedFor } from './certificates'
import { readConfig } from './config-file'
import type { Context } from './context'
import { CliError } from './errors'
import { hostOf } from './server-name'

const ANSWER_BYTES = 16 * 1024 * 1024
/** A connection test waits for the slowest of its steps. */
const ANSWER_MS = 120_000

/** Where a console is, and who asks. */
export interface ConsoleLogin {
  /** Scheme, host and port. */
  url: string
  apiKey: string
  /** Its certificate is not verified. */
  insecure?: boolean | undefined
}

export interface Console {
  url: string
  /** Calls one operation of the public API. @throws CliError */
  call<K extends OperationId>(id: K, request: Request<K>): Promise<Answer<K>>
}

/** @returns the address as it is kept @throws CliError `wrong_use` */
export function parseConsole(text: string): string {
  let url: URL
  try {
    url = new URL(/^https?:\/\//i.test(text) ? text : `https://${text}`)
  } catch {
    throw new CliError(
      'wrong_use',
      'That is no address of a console.',
      'Write it as https://packyard.example.com',
    )
  }
  if (url.username || url.password)
    throw new CliError(
      'wrong_use',
      'The address of a console holds no credentials.',
      'Leave out what stands before @.',
    )
  return url.origin
}

/**
 * Does something with the console that a command means: that of PACKYARD_CONSOLE_URL and PACKYARD_API_KEY, else the one
 * that somebody logged in to.
 *
 * @throws CliError
 */
export async function withConsole<T>(context: Context, work: (console: Console) => Promise<T>): Promise<T> {
  const { PACKYARD_CONSOLE_URL: url, PACKYARD_API_KEY: apiKey } = process.env
  const kept = (await readConfig(context.home)).console
  const isKept = kept && (!url || parseConsole(url) === kept.url)
  const login: Partial<ConsoleLogin> = {
    url: url ? parseConsole(url) : kept?.url,
    // A key is for the console that it was made at: it goes to no other.
    apiKey: apiKey || (isKept ? Buffer.from(kept.key, 'base64').toString('utf8') : undefined),
    insecure: isKept ? kept.insecure : undefined,
  }
  if (!login.url || !login.apiKey)
    throw new CliError(
      'wrong_use',
      login.url
        ? `There is no API key for ${login.url}.`
        : 'No console is named, and there is no login to one.',
      'packyard console login URL, or set PACKYARD_CONSOLE_URL and PACKYARD_API_KEY.',
    )
  return speakTo({ url: login.url, apiKey: login.apiKey, insecure: login.insecure }, context, work)
}

/** The same with a login that is not kept yet. @throws CliError */
export async function speakTo<T>(
  login: ConsoleLogin,
  context: Context,
  work: (console: Console) => Promise<T>,
): Promise<T> {
  const { url, apiKey } = login
  const ca = login.insecure ? '' : await trustedFor(hostOf(new URL(url).host), context.home)
  const outbound = createOutbound({
    ...{ origin: url, auth: { type: 'none' }, policy: allowAll },
    tls: { ca, insecureSkipVerify: login.insecure === true },
    limits: { headersMs: ANSWER_MS, totalMs: ANSWER_MS, redirects: 0 },
  })
  const send: typeof fetch = async (target, init) => {
    const response = await outbound.request(init?.method ?? 'GET', String(target), {
      headers: init?.headers as Record<string, string>,
      ...(typeof init?.body === 'string' && { body: init.body }),
      signal: context.signal,
      maxBytes: ANSWER_BYTES,
    })
    const bytes = await response.bytes()
    return new Response(bytes.length > 0 ? Buffer.from(bytes) : null, {
      status: response.status,
      headers: response.headers,
    })
  }
  const transport = { baseUrl: url, headers: { ApiKey: apiKey }, fetch: send }
  try {
    return await work({
      url,
      call: (id, request) => call(id, request, { signal: context.signal, transport }),
    })
  } catch (error) {
    throw explain(error, url)
  } finally {
    await outbound.close()
  }
}

/** What failed on the way to a console or in it, for people. Others pass through. */
function explain(error: unknown, url: string): unknown {
  if (error instanceof OutboundError)
    return new CliError(
      error.code.startsWith('tls_') ? 'untrusted_certificate' : 'unreachable',
      error.message,
      error.code.startsWith('tls_')
        ? `Save the certificate of its authority as /etc/spectro/certs.d/${new URL(url).host}/ca.crt.`
        : 'Check the address, and that the console is running.',
      { cause: error },
    )
  if (error instanceof ApiError) return toCliError(error, url)
  if (error instanceof SyntaxError)
    return new CliError('refused', `${url} does not answer as a console does.`, 'Check the address.', {
      cause: error,
    })
  return error
}

function toCliError(error: ApiError, url: string): CliError {
  const more = { cause: error }
  if (error.status === 401)
    return new CliError(
      'unauthorized',
      `${url} does not take the API key.`,
      `packyard console login ${url}`,
      more,
    )
  if (error.status === 403)
    return new CliError('forbidden', error.message, 'Ask an admin of the tenant.', more)
  if (error.status === 404) return new CliError('not_found', error.message, '', more)
  if (error.status === 409) return new CliError('conflict', error.message, '', more)
  return new CliError(
    'refused',
    error.message,
    error.ref && `The console's log knows it as ${error.ref}.`,
    more,
  )
}
