import { TAG } from '@/lib/pack-format/manifest'

/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const REPOSITORY_MAX = 255
const SHA256 = /^sha256:[0-9a-f]{64}$/

export const isRepositoryName = (name: string): boolean =>
  name.length <= REPOSITORY_MAX && REPOSITORY.test(name)

export const isDigest = (text: string): boolean => SHA256.test(text)

export const isTag = (text: string): boolean => TAG.test(text)
