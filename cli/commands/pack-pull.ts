import { PACK_LIMITS, PackError } from '@/lib/pack-format/archive'
import { PART_FILES, PART_LIMITS } from '@/lib/pack-format/media-types'
import { fromOciPack, type OciPack, readOciManifest } from '@/lib/pack-format/oci'
import { compareVersions, isTrack } from '@/lib/pack-format/tag'

import { withRegistry } from '../connect'
import type { Answer, Context } from '../context'
import { CliError } from '../errors'
import { formatBytes } from '../format-bytes'
import { parseReference } from '../pack-reference'
import { registryClient } from '../registry-client'
import { checkTarget, writeDirectory } from '../write-directory'

export interface PullOptions {
  registryServer?: string
  force?: boolean
}

/** A tar has headers of its own besides the files. */
const TAR_BYTES = PACK_LIMITS.totalBytes + PACK_LIMITS.files * 2048

/**
 * Fetches a pack into a directory, byte for byte. Everything is fetched and checked before the first file is written.
 *
 * @throws CliError
 */
export async function packPull(
  context: Context,
  reference: string,
  directory: string,
  { registryServer, force }: PullOptions,
): Promise<Answer> {
  const { name, target } = parseReference(reference)
  await checkTarget(directory, force === true)
  return withRegistry(context, registryServer, async (connected) => {
    const { server } = connected
    const client = registryClient(connected, context.signal)
    const wanted = target ?? newest(await client.tags(name))
    if (wanted === undefined) throw new CliError('not_found', `${server} has no version of ${name}.`)
    const { bytes, digest } = await client.manifest(name, wanted)
    let files: Awaited<ReturnType<typeof fromOciPack>>
    try {
      const pack = readOciManifest(bytes)
      checkSizes(pack)
      let arrived = 0
      files = await fromOciPack(pack, (descriptor) =>
        client.blob(name, descriptor, (more) => {
          arrived += more
          context.progress(`Pulling ${name}:${wanted}  ${formatBytes(arrived)}`)
        }),
      )
    } catch (error) {
      if (!(error instanceof PackError)) throw error
      throw new CliError(
        'pack_invalid',
        `${name}:${wanted} cannot be read. ${error.message}. Nothing was written.`,
        'Push this version again.',
        { cause: error },
      )
    }
    context.progress('')
    await writeDirectory(directory, files)
    const size = [...files.values()].reduce((sum, file) => sum + file.bytes.length, 0)
    return {
      data: { registry: server, name, reference: wanted, digest, directory, files: files.size, bytes: size },
      lines: [
        `Pulled ${name}${wanted.includes(':') ? '@' : ':'}${wanted} into ${directory}: ${files.size} files, ${formatBytes(size)}.`,
        `Digest: ${digest}`,
      ],
    }
  })
}

function newest(tags: string[]): string | undefined {
  return tags.filter((tag) => !isTrack(tag)).sort((a, b) => compareVersions(b, a))[0]
}

/** @throws PackError for sizes that no pack has */
function checkSizes({ config, parts, files }: OciPack): void {
  for (const [part, descriptor] of Object.entries({ manifest: config, ...parts }))
    if (descriptor.size > PART_LIMITS[part as keyof typeof PART_LIMITS])
      throw new PackError(PART_FILES[part as keyof typeof PART_FILES], 'is too large')
  if (files && files.size > TAR_BYTES) throw new PackError('files.tar', 'is too large')
}
