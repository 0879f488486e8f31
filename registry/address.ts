import { variableOf } from './config/environment'
import { StartError } from './start-error'

/** Where a server listens. */
export interface Address {
  /** undefined for all addresses of the machine. */
  host: string | undefined
  port: number
}

/** Reads `:5000`, `192.168.122.77:25000`, `[::1]:5000`. @param key whose value it is @throws StartError */
export function readAddress(text: string, key = 'http.addr'): Address {
  const match = /^(?:\[([0-9a-f:.%]+)\]|([^:\s[\]]*)):(\d{1,5})$/i.exec(text)
  const port = Number(match?.[3])
  if (!match || port > 65_535)
    throw new StartError(
      `${nameOf(key)} must be HOST:PORT or :PORT, such as :5000, and it is ${JSON.stringify(text)}.`,
    )
  return { host: match[1] ?? (match[2] || undefined), port }
}

const nameOf = (key: string) => `${key} (${variableOf(key.split('.'))})`

/** Why one cannot listen there. */
export function explainListen(text: string, cause: NodeJS.ErrnoException, key = 'http.addr'): StartError {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'another program listens there',
    EACCES: 'ports below 1024 need more rights than this process has',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'the host name is not known',
  }
  return new StartError(
    `Cannot listen on ${text}: ${reasons[cause.code ?? ''] ?? cause.message}. Set another address with ${nameOf(key)}.`,
    { cause },
  )
}
