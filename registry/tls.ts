import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContextOptions, type TlsOptions } from 'node:tls'

import type { Logger } from 'pino'

import type { Config } from './config/schema'
import { StartError } from './start-error'

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
