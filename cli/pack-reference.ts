import { DIGEST } from '@/lib/pack-format/oci'
import { PACK_NAME } from '@/lib/pack-format/pack-name'
import { TAG } from '@/lib/pack-format/tag-form'

import { CliError } from './errors'

/**
 * `NAME`, `NAME:TAG` or `NAME@DIGEST`.
 *
 * @throws CliError `wrong_use`
 */
export function parseReference(text: string): { name: string; target: string | undefined } {
  const [, name = '', tag, digest] = /^([^:@]+)(?::([^:@]+)|@(.+))?$/.exec(text) ?? []
  const isSound =
    PACK_NAME.test(name) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest))
  if (isSound) return { name, target: tag ?? digest }
  throw new CliError(
    'wrong_use',
    `${JSON.stringify(text)} names no pack.`,
    'Write NAME, NAME:TAG or NAME@sha256:… with 64 hexadecimal digits.',
  )
}
