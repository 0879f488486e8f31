import { TAG } from '@/lib/pack-format/tag-form'

/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const REPOSITORY_MAX = 255
/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#registered-algorithms */
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/

export const isRepositoryName = (name: string): boolean =>
  name.length <= REPOSITORY_MAX && REPOSITORY.test(name)

export const isDigest = (text: string): boolean => DIGEST.test(text)

export const DIGEST_ALGORITHMS = ['sha256', 'sha512'] as const
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number]

/** @param digest a valid one */
export const algorithmOf = (digest: string): DigestAlgorithm =>
  digest.startsWith('sha512:') ? 'sha512' : 'sha256'

export const isTag = (text: string): boolean => TAG.test(text)
