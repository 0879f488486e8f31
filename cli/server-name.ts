import { normaliseEndpoint } from '@/lib/adapters/endpoint'
import { AppError } from '@/lib/errors'

import { CliError } from './errors'

/** A registry as somebody wrote it. */
export interface ServerName {
  /** `host`, `host:port` or either with a path: the key under which its login is kept. */
  name: string
  /** null where none was written. */
  scheme: 'http' | 'https' | null
}

/**
 * Reads a server in every spelling that people use: host, host:port, with a scheme, with a trailing slash or `/v1/`.
 *
 * @throws CliError `wrong_use`
 */
export function parseServer(text: string): ServerName {
  try {
    const endpoint = normaliseEndpoint(text)
    const scheme = /^\s*https?:\/\//i.test(text) ? (endpoint.startsWith('https:') ? 'https' : 'http') : null
    return { name: endpoint.replace(/^https?:\/\//, ''), scheme }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    // What was written may hold a password: it is not repeated.
    throw new CliError('wrong_use', `The server is not named right. ${error.message}`)
  }
}

/** Its address, without a slash at the end. */
export const endpointOf = (name: string, isHttp: boolean): string => `${isHttp ? 'http' : 'https'}://${name}`

/** The host of a server, with its port: the folder of its certificates. */
export const hostOf = (name: string): string => name.split('/', 1)[0] ?? name
