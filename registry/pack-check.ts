import { PackError } from '@/lib/pack-format/archive'
import { PackManifest } from '@/lib/pack-format/manifest'
import { type OciPack, readOciManifest } from '@/lib/pack-format/oci'
import { isTrack } from '@/lib/pack-format/tag'

import { RegistryError } from './errors'
import { explain } from './manifest'
import { isTagOf } from './storage/repository'

/** The largest pack.json. */
const PACK_JSON_BYTES = 1024 * 1024

// As the command line and the console read it: without a byte order mark, which editors write.
const utf8 = new TextDecoder('utf-8', { fatal: true })

const refuse = (message: string) => new RegistryError('MANIFEST_INVALID', message)

/** Reads the manifest of a pack. @throws RegistryError `MANIFEST_INVALID` with the reason in words */
export function readPack(bytes: Uint8Array): OciPack {
  let pack: OciPack
  try {
    pack = readOciManifest(bytes)
  } catch (cause) {
    if (cause instanceof PackError) throw refuse(`The ${cause.message}`)
    throw cause
  }
  if (pack.config.size > PACK_JSON_BYTES)
    throw refuse(`pack.json has ${pack.config.size} bytes. At most ${PACK_JSON_BYTES} are taken`)
  return pack
}

/**
 * Checks that a pack is what the place that it is pushed to says.
 *
 * @param json the bytes of pack.json
 * @param tag null where it is pushed by its digest
 * @param isThere whether the repository holds it already: then other names may be given to it, such as `stable`
 * @throws RegistryError `MANIFEST_INVALID` with the reason in words
 */
export function checkPackJson(
  json: Uint8Array,
  repository: string,
  tag: string | null,
  isThere = false,
): PackManifest {
  let data: unknown
  try {
    data = JSON.parse(utf8.decode(json))
  } catch {
    throw refuse('pack.json is no JSON')
  }
  const parsed = PackManifest.safeParse(data)
  if (!parsed.success) throw refuse(`pack.json is not valid: ${explain(parsed.error)}`)
  const { name, version } = parsed.data
  if (name !== repository)
    throw refuse(`pack.json says that the pack is ${name}, and it was pushed to ${repository}`)
  if (isTrack(version))
    throw refuse(
      `The version ${version} in pack.json is the name of a track. Name one version, such as 1.33.9`,
    )
  if (tag !== null && !isThere && !isTagOf(tag, version))
    throw refuse(
      `pack.json says version ${version}, and it was pushed as ${tag}. Push it as ${version}, or with a group as GROUP__${version}. What is there may have other tags besides`,
    )
  return parsed.data
}
