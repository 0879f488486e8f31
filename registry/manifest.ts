import { z } from 'zod'

import { OCI_INDEX, OCI_MANIFEST } from '@/lib/pack-format/media-types'

import { RegistryError } from './errors'
import { isDigest } from './names'

const Descriptor = z.object({
  digest: z.string().max(256),
  size: z.number().int().min(0),
  /** Content that lies elsewhere by intention, such as the base layers of Windows. */
  urls: z.array(z.string()).nullish(),
})

const Common = {
  schemaVersion: z.literal(2),
  mediaType: z.string().nullish(),
  artifactType: z.string().nullish(),
  subject: Descriptor.nullish(),
}
const Image = z.object({
  ...Common,
  config: Descriptor.extend({ mediaType: z.string().nullish() }),
  layers: z.array(Descriptor).nullish(),
})
const Index = z.object({ ...Common, manifests: z.array(Descriptor).nullish() })

const DOCKER = 'application/vnd.docker.distribution.manifest'
const IMAGES = [OCI_MANIFEST, `${DOCKER}.v2+json`]
const INDEXES = [OCI_INDEX, `${DOCKER}.list.v2+json`]

/** What the registry has to know of a manifest of any kind. */
export interface AnyManifest {
  mediaType: string
  artifactType: string
  /** The digest of the manifest that this one is about, such as what it signs. It may come later, or never. */
  subject: string
  /** What it is to who asks what refers to its subject: its artifact type, or an image's type of config. */
  referrerType: string
  /** What must be in the repository before the manifest. */
  refersTo: { digest: string; size: number; kind: 'blob' | 'manifest' }[]
}

/**
 * Reads an image manifest or an index, OCI's or Docker's.
 *
 * @param contentType as the client sent it
 * @throws RegistryError `MANIFEST_INVALID`
 */
export function readManifest(bytes: Uint8Array, contentType: string | undefined): AnyManifest {
  const refuse = (message: string) => new RegistryError('MANIFEST_INVALID', message)
  let data: unknown
  try {
    data = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw refuse('The manifest is no JSON')
  }
  const stated = z.object({ mediaType: z.string().nullish() }).safeParse(data).data?.mediaType
  const sent = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  const mediaType = sent || stated || OCI_MANIFEST
  if (stated && stated !== mediaType)
    throw refuse(`The manifest says that it is ${JSON.stringify(stated)}, and was sent as ${mediaType}`)
  const isImage = IMAGES.includes(mediaType)
  if (!isImage && !INDEXES.includes(mediaType))
    throw refuse(
      `Manifests of the type ${mediaType} are not taken. Use ${[...IMAGES, ...INDEXES].join(', ')}`,
    )

  const parsed = (isImage ? Image : Index).safeParse(data)
  if (!parsed.success) throw refuse(`The manifest is not valid: ${explain(parsed.error)}`)
  const { artifactType, subject } = parsed.data
  if (subject && !isDigest(subject.digest))
    throw refuse(`The subject of the manifest has no valid digest: ${JSON.stringify(subject.digest)}`)
  const configType = 'config' in parsed.data ? parsed.data.config.mediaType : ''
  return {
    mediaType,
    artifactType: artifactType ?? '',
    subject: subject?.digest ?? '',
    referrerType: artifactType || configType || '',
    refersTo: [...references(parsed.data)],
  }
}

function* references(
  manifest: z.infer<typeof Image> | z.infer<typeof Index>,
): Iterable<AnyManifest['refersTo'][0]> {
  const [all, kind] =
    'config' in manifest
      ? ([[manifest.config, ...(manifest.layers ?? [])], 'blob'] as const)
      : ([manifest.manifests ?? [], 'manifest'] as const)
  for (const { digest, size, urls } of all) if (!urls?.length) yield { digest, size, kind }
}

const MAX_REASONS = 5

/** What is wrong, by dotted path, in one line. */
export const explain = (error: z.ZodError): string =>
  error.issues
    .slice(0, MAX_REASONS)
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ')
