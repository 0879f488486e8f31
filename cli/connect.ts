import { createOutbound, type Outbound } from '@/lib/outbound/client'
import { allowAll } from '@/lib/outbound/policy'
import type { RegistryAuth } from '@/lib/outbound/schema'

import { trustedFor } from './certificates'
import { type Config, decodeAuth, type Login, readConfig } from './config-file'
import type { Context } from './context'
import { CliError } from './errors'
import { explain } from './explain'
import { endpointOf, parseServer } from './server-name'

const LIMITS = {
  // A large blob over a slow line goes in pieces, each with a request of its own.
  headersMs: 120_000,
  totalMs: 30 * 60_000,
  connections: 8,
}

/** A registry that can be talked to. */
export interface Connected {
  /** As in the configuration: host, port, path. */
  server: string
  endpoint: string
  auth: RegistryAuth
  outbound: Outbound
}

/** A client for one server. Closing it is the caller's. @throws CliError */
export async function connect(
  server: string,
  login: Pick<Login, 'insecure' | 'http'>,
  auth: RegistryAuth,
  home: string,
): Promise<Connected> {
  const endpoint = endpointOf(server, login.http === true)
  const ca = login.insecure ? '' : await trustedFor(server, home)
  try {
    const tls = { ca, insecureSkipVerify: login.insecure === true }
    const outbound = createOutbound({ origin: endpoint, auth, tls, policy: allowAll, limits: LIMITS })
    return { server, endpoint, auth, outbound }
  } catch (error) {
    throw explain(error, server)
  }
}

/**
 * Does something with the registry that a command means: the one named, or the default, or the only one that somebody
 * logged in to.
 *
 * @throws CliError
 */
export async function withRegistry<T>(
  context: Context,
  named: string | undefined,
  work: (connected: Connected) => Promise<T>,
): Promise<T> {
  const config = await readConfig(context.home)
  const server = chooseServer(config, named)
  const login = config.auths[server] ?? {}
  const credentials = decodeAuth(login)
  const auth: RegistryAuth = credentials ? { type: 'basic', ...credentials } : { type: 'none' }
  const connected = await connect(server, login, auth, context.home)
  try {
    return await work(connected)
  } catch (error) {
    throw explain(error, server)
  } finally {
    await connected.outbound.close()
  }
}

/** @throws CliError `wrong_use` where it is not clear which registry is meant */
export function chooseServer(config: Config, named: string | undefined): string {
  const known = Object.keys(config.auths)
  if (named !== undefined) {
    const { name, scheme } = parseServer(named)
    if (scheme === 'http' && config.auths[name]?.http !== true)
      throw new CliError(
        'wrong_use',
        `${name} would be spoken to in plain HTTP, which takes a login that says so.`,
        `packyard registry login ${named} --insecure`,
      )
    return name
  }
  const [only] = known
  const chosen = config.defaultRegistry ?? (known.length === 1 ? only : undefined)
  if (chosen !== undefined) return chosen
  throw known.length === 0
    ? new CliError(
        'wrong_use',
        'No registry is named, and there is no login.',
        'packyard registry login SERVER',
      )
    : new CliError(
        'wrong_use',
        `No registry is named, and there are ${known.length} logins without a default.`,
        `Name one with --registry-server: ${known.join(', ')}. Or make one the default: packyard registry login SERVER --default`,
      )
}
