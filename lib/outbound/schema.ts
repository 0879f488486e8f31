import { z } from 'zod'

export const RegistryAuth = z.discriminatedUnion('type', [
  z.object({ type: z.literal('none') }),
  z.object({ type: z.literal('basic'), username: z.string().min(1), password: z.string() }),
  z.object({ type: z.literal('token'), token: z.string().min(1) }),
])
export type RegistryAuth = z.infer<typeof RegistryAuth>

/** With which we show who we are. */
export const ClientCertificate = z.object({
  /** PEM, our certificate first, then those of its authorities as far as the server needs them. */
  certificate: z.string(),
  /** PEM, without a password. A secret. */
  key: z.string(),
})
export type ClientCertificate = z.infer<typeof ClientCertificate>

export const TlsSettings = z.object({
  /** PEM, one or more certificates that are trusted besides the host's own. */
  ca: z.string().default(''),
  /** Wins over `ca`: nothing is verified. */
  insecureSkipVerify: z.boolean().default(false),
  /** Shown to the origin alone. */
  client: ClientCertificate.optional(),
})
export type TlsSettings = z.infer<typeof TlsSettings>

/** One certificate as the server presented it. Times are RFC 3339. */
export const SeenCertificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  validFrom: z.string(),
  validTo: z.string(),
  /** SHA-256 of the DER form, lower-case hex without colons. */
  fingerprint: z.string(),
  pem: z.string(),
})
export type SeenCertificate = z.infer<typeof SeenCertificate>
