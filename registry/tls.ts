import { X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { Server as SecureServer } from 'node:https'
import { createSecureContext, type SecureContextOptions, type TlsOptions } from 'node:tls'

import type { Logger } from 'pino'

import type { Config } from './config/schema'
import { StartError } from './start-error'

const RELOAD_MS = 10_000
const VERSIONS = { 'tls1.2': 'TLSv1.2', 'tls1.3': 'TLSv1.3' } as const

/**
 * Reads certificate, key and authorities.
 *
 * @throws StartError that names the setting at fault
 */
export async function readTls(
  settings: NonNullable<Config['http']['tls']>,
  log: Logger,
): Promise<SecureContextOptions & TlsOptions> {
  const { certificate, key, clientcas, minimumtls } = settings
  const cert = await read('http.tls.certificate', 'REGISTRY_HTTP_TLS_CERTIFICATE', certificate)
  const options = {
    cert,
    key: await read('http.tls.key', 'REGISTRY_HTTP_TLS_KEY', key),
    minVersion: VERSIONS[minimumtls],
    ...(clientcas.length > 0 && {
      ca: await Promise.all(
        clientcas.map((path, i) =>
          read(`http.tls.clientcas[${i}]`, `REGISTRY_HTTP_TLS_CLIENTCAS_${i}`, path),
        ),
      ),
      requestCert: true,
      rejectUnauthorized: true,
    }),
  }
  try {
    for (const warning of warningsOf(new X509Certificate(cert), new Date()))
      log.warn({ path: certificate }, warning)
    createSecureContext(options)
  } catch (cause) {
    throw new StartError(
      `The certificate ${certificate} and the key ${key} cannot be used: ${(cause as Error).message}. Both must be PEM files that belong together, and the key must not have a password. Set them with http.tls.certificate (REGISTRY_HTTP_TLS_CERTIFICATE) and http.tls.key (REGISTRY_HTTP_TLS_KEY).`,
      { cause },
    )
  }
  return options
}

/**
 * Takes a new certificate without a restart: connections that are made after the files changed get it, those that are
 * open stay. Files that cannot be used are logged once, and the old ones go on.
 *
 * @param everyMs how often the files are looked at
 * @returns what ends it
 */
export function reloadTls(
  server: Pick<SecureServer, 'setSecureContext'>,
  settings: NonNullable<Config['http']['tls']>,
  log: Logger,
  everyMs = RELOAD_MS,
): () => void {
  const { certificate, key, clientcas } = settings
  const looks = async () => {
    const found = await Promise.all(
      [certificate, key, ...clientcas].map((path) => stat(path).catch(() => null)),
    )
    return found.map((one) => (one ? `${one.ino} ${one.mtimeMs} ${one.size}` : 'gone')).join()
  }
  let seen: string | undefined
  let isLooking = false
  const look = async () => {
    if (isLooking) return
    isLooking = true
    try {
      const now = await looks()
      if (seen !== undefined && now !== seen) {
        server.setSecureContext(await readTls(settings, log))
        log.info({ path: certificate }, 'Took the new certificate')
      }
      seen = now
    } catch (cause) {
      seen = await looks()
      log.error(`${(cause as Error).message} The one before is used until the files change again.`)
    } finally {
      isLooking = false
    }
  }
  void look()
  const timer = setInterval(look, everyMs).unref()
  return () => clearInterval(timer)
}

async function read(setting: string, variable: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new StartError(
      `The file ${path} cannot be read: ${(cause as Error).message}. It is set by ${setting} (${variable}).`,
      { cause },
    )
  }
}

/** What clients may complain of. */
export function warningsOf(
  { subjectAltName, subject, validFrom, validTo }: X509Certificate,
  now: Date,
): string[] {
  const warnings: string[] = []
  if (!subjectAltName)
    warnings.push(
      `The certificate has no subject alternative name (its subject is ${subject.replaceAll('\n', ', ')}). curl and the packyard CLI accept the common name; clients written in Go, such as docker, do not. Add -addext "subjectAltName=DNS:HOST" to the openssl line`,
    )
  if (new Date(validFrom) > now) warnings.push(`The certificate is not valid before ${validFrom}`)
  if (new Date(validTo) < now) warnings.push(`The certificate is not valid since ${validTo}`)
  return warnings
}
