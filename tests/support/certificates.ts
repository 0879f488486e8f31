import { generate } from 'selfsigned'

const DAY_MS = 86_400_000

export interface TestCertificate {
  cert: string
  key: string
}

interface Options {
  /** Host names and addresses; null: none but the common name, as old certificates have it. */
  names?: string[] | null
  /** Days from now; negative: it has expired. */
  days?: number
  /** Days from now at which it begins to be valid. */
  from?: number
  ca?: TestCertificate
  isCa?: boolean
  /** RSA of 1,024 bits, signed with SHA-1. */
  isWeak?: boolean
}

/** Makes a certificate, signed by itself or by `ca`. */
export async function makeCertificate(
  commonName: string,
  { names = [commonName], days = 365, from = -400, ca, isCa = false, isWeak = false }: Options = {},
): Promise<TestCertificate> {
  const now = Date.now()
  const alternative = (names ?? []).map((name) =>
    /^[\d.]+$/.test(name) ? ({ type: 7, ip: name } as const) : ({ type: 2, value: name } as const),
  )
  const made = await generate([{ name: 'commonName', value: commonName }], {
    ...(isWeak
      ? { keyType: 'rsa', keySize: 1024, algorithm: 'sha1' }
      : { keyType: 'ec', algorithm: 'sha256' }),
    notBeforeDate: new Date(now + from * DAY_MS),
    notAfterDate: new Date(now + days * DAY_MS),
    ...(ca && { ca: { key: ca.key, cert: ca.cert } }),
    extensions: [
      { name: 'basicConstraints', cA: isCa, critical: true },
      ...(isCa ? [{ name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true } as const] : []),
      ...(alternative.length > 0 ? [{ name: 'subjectAltName', altNames: alternative } as const] : []),
    ],
  })
  return { cert: made.cert, key: made.private }
}
