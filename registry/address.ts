import { StartError } from './start-error'

/** Where a server listens. */
export interface Address {
  /** undefined for all addresses of the machine. */
  host: string | undefined
  port: number
}

/** Reads `http.addr`: `:5000`, `192.168.122.77:25000`, `[::1]:5000`. @throws StartError */
export function readAddress(text: string): Address {
  const match = /^(?:\[([0-9a-f:.%]+)\]|([^:\s[\]]*)):(\d{1,5})$/i.exec(text)
  const port = Number(match?.[3])
  if (!match || port > 65_535)
    throw new StartError(
      `http.addr (REGISTRY_HTTP_ADDR) must be HOST:PORT or :PORT, such as :5000, and it is ${JSON.stringify(text)}.`,
    )
  return { host: match[1] ?? (match[2] || undefined), port }
}

/** Why one cannot listen there. */
export function explainListen(text: string, cause: NodeJS.ErrnoException): StartError {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'another program listens there',
    EACCES: 'ports below 1024 need more rights than this process has',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'the host name is not known',
  }
  return new StartError(
    `Cannot listen on ${text}: ${reasons[cause.code ?? ''] ?? cause.message}. Set another address with http.addr (REGISTRY_HTTP_ADDR).`,
    { cause },
  )
}
