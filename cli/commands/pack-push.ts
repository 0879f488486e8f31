import { toOciPack } from '@/lib/pack-format/oci'

import { checkDirectory } from '../check-directory'
import { withRegistry } from '../connect'
import type { Answer, Context } from '../context'
import { CliError } from '../errors'
import { formatBytes } from '../format-bytes'
import { registryClient } from '../registry-client'

export interface PushOptions {
  registryServer?: string
  force?: boolean
  message?: string
}

const UPLOADS_AT_ONCE = 4
const MESSAGE_MAX = 1000

/**
 * Checks a pack's directory and pushes it under its version. What the registry has already is not sent again, and the
 * same content under the same version is no push at all.
 *
 * @throws CliError `pack_invalid`, `conflict` when the version exists with other content
 */
export async function packPush(context: Context, directory: string, options: PushOptions): Promise<Answer> {
  const force = readForce(options)
  const { files, manifest, findings, leftOut } = await checkDirectory(directory)
  for (const { file, message, fix } of findings) context.warn(`warning ${file}: ${message} ${fix}`)
  if (leftOut.length > 0) context.warn(`Left out, as version control's own: ${leftOut.join(', ')}`)
  const { name, version } = manifest
  const oci = await toOciPack(files)
  const { digest } = oci.manifest

  return withRegistry(context, options.registryServer, async (connected) => {
    const { server } = connected
    const client = registryClient(connected, context.signal)
    const data = { registry: server, name, version, digest, findings, leftOut }
    const held = await client.resolve(name, version)
    if (held === digest)
      return {
        data: { ...data, status: 'unchanged', sentBytes: 0 },
        lines: [`${name}:${version} is unchanged: ${server} has this content (${digest}).`],
      }
    // The registry refuses it too; knowing it before saves the way.
    if (held !== null && !force) throw exists(server, name, version)

    const total = oci.blobs.reduce((sum, blob) => sum + blob.bytes.length, 0)
    let sentBytes = 0
    let reused = 0
    const queue = oci.blobs.values()
    const show = () =>
      context.progress(`Pushing ${name}:${version}  ${formatBytes(sentBytes)} of ${formatBytes(total)}`)
    show()
    await Promise.all(
      Array.from({ length: UPLOADS_AT_ONCE }, async () => {
        for (const blob of queue) {
          const wasSent = await client.bring(name, blob, (bytes) => {
            sentBytes += bytes
            show()
          })
          if (!wasSent) reused++
        }
      }),
    )
    await client.publish(name, version, oci.manifest.bytes, force).catch((error: unknown) => {
      if (error instanceof CliError && error.code === 'conflict') throw exists(server, name, version, error)
      throw error
    })
    context.progress('')
    const sent = oci.blobs.length - reused
    return {
      data: { ...data, status: held === null ? 'pushed' : 'replaced', sentBytes },
      lines: [
        `${held === null ? 'Pushed' : 'Replaced'} ${name}:${version} on ${server}: ${sent} of ${oci.blobs.length} parts sent, ${formatBytes(sentBytes)}.`,
        `Digest: ${digest}`,
      ],
    }
  })
}

/** @throws CliError `wrong_use` for force without a reason */
function readForce({ force, message }: PushOptions) {
  const text = message?.trim() ?? ''
  if (text.length > MESSAGE_MAX)
    throw new CliError('wrong_use', `The message is longer than ${MESSAGE_MAX} characters.`)
  if (!force) return null
  if (text !== '') return { message: text }
  throw new CliError(
    'wrong_use',
    '--force needs --message: why the version is replaced.',
    'Add --message "…".',
  )
}

const exists = (server: string, name: string, version: string, cause?: unknown) =>
  new CliError(
    'conflict',
    `${server} has ${name}:${version} with other content. A version that was published stays as it is.`,
    'Raise the version in pack.json. Or replace it, knowing that others use it: --force --message "why".',
    { cause },
  )
