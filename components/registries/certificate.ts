import type { CheckStep } from '@/lib/adapters/schema'

export type SeenCertificate = NonNullable<CheckStep['certificates']>[number]

/** Whether a certificate's name fits a host: the same, or a wildcard for the first label. */
function fits(name: string, host: string): boolean {
  const [wanted, given] = [name.toLowerCase(), host.toLowerCase()]
  if (wanted === given) return true
  return (
    wanted.startsWith('*.') && given.slice(given.indexOf('.') + 1) === wanted.slice(2) && given.includes('.')
  )
}

/**
 * Whether trusting the certificates of a server would let it pass: the leaf names the host and is in date. Where it
 * does not, trust is no answer.
 *
 * @param certificates leaf first
 * @param endpoint also as people write it, without a scheme
 */
export function mayTrust(certificates: readonly SeenCertificate[], endpoint: string, now: Date): boolean {
  const [leaf] = certificates
  const address = endpoint.includes('://') ? endpoint : `https://${endpoint.trim()}`
  if (!leaf || !URL.canParse(address)) return false
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '')
  // Old certificates carry their host in the subject alone.
  const names = leaf.names.length > 0 ? leaf.names : leaf.subject.split(', ')
  const isInDate = Date.parse(leaf.validFrom) <= now.getTime() && now.getTime() < Date.parse(leaf.validTo)
  return isInDate && names.some((name) => fits(name, host))
}

/** `aa:bb:cc…`, as other tools write fingerprints. */
export const toColons = (fingerprint: string): string =>
  fingerprint.toUpperCase().match(/../g)?.join(':') ?? ''

const PEM_BEGIN = '-----BEGIN CERTIFICATE-----'
const DER_SEQUENCE = 0x30

/** A certificate file as PEM: files in DER form are turned into it. @returns null for one that is neither */
export function toPem(bytes: Uint8Array): string | null {
  const text = new TextDecoder().decode(bytes)
  if (text.includes(PEM_BEGIN)) return text.trim()
  if (bytes[0] !== DER_SEQUENCE) return null
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  return `${PEM_BEGIN}\n${base64.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----`
}
