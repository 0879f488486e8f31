import { isTrack } from '@/lib/pack-format/tag'
import { TAG } from '@/lib/pack-format/tag-form'

import { withRegistry } from '../connect'
import type { Answer, Context } from '../context'
import { CliError } from '../errors'
import { parseReference } from '../pack-reference'
import { registryClient } from '../registry-client'

interface TagOptions {
  registryServer?: string
  group?: string
}

/**
 * Gives what a tag or a digest stands for another tag, such as `stable`. One that is there already moves.
 *
 * @param label the new tag without its group
 * @throws CliError `not_found`; `conflict` where it is another version's own
 */
export async function packTagAdd(
  context: Context,
  source: string,
  label: string,
  { registryServer, group }: TagOptions,
): Promise<Answer> {
  const { name, target } = readTarget(source)
  const tag = group ? `${group}__${label}` : label
  if (!TAG.test(tag) || isTrack(tag))
    throw new CliError(
      'wrong_use',
      `${JSON.stringify(tag)} is no tag that can be given.`,
      'Use letters, digits, . _ and -, such as stable. Tracks (1.4.x) are kept by the registry itself.',
    )
  return withRegistry(context, registryServer, async (connected) => {
    const { server } = connected
    const client = registryClient(connected, context.signal)
    const before = await client.resolve(name, tag)
    const { bytes, digest } = await client.manifest(name, target)
    if (before !== digest) await client.publish(name, tag, bytes, null)
    const status = before === digest ? 'unchanged' : before === null ? 'added' : 'moved'
    const words = { unchanged: 'stands for it already', added: 'added', moved: 'moved' }[status]
    return {
      data: { registry: server, name, tag, digest, status },
      lines: [`${name}:${tag} ${words} on ${server}.`, `Digest: ${digest}`],
    }
  })
}

/**
 * Takes a tag away. The content stays readable by its digest for a while, and tracks go to the versions that remain.
 *
 * @throws CliError `not_found`; `refused` for a track
 */
export async function packTagDelete(
  context: Context,
  reference: string,
  { registryServer }: TagOptions,
): Promise<Answer> {
  const { name, target } = readTarget(reference)
  return withRegistry(context, registryServer, async (connected) => {
    const { server } = connected
    const client = registryClient(connected, context.signal)
    const digest = await client.resolve(name, target)
    if (digest === null)
      throw new CliError(
        'not_found',
        `${server} has no ${reference}.`,
        `List what it has: packyard pack ls -r ${server} -n ${name}`,
      )
    await client.remove(name, target)
    const isTag = target !== digest
    return {
      data: { registry: server, name, reference: target, digest },
      lines: [
        `Deleted ${reference} on ${server}.`,
        isTag
          ? `Its content can still be read for a while: ${name}@${digest}`
          : 'Every tag that stood for it is gone too.',
      ],
    }
  })
}

function readTarget(reference: string): { name: string; target: string } {
  const { name, target } = parseReference(reference)
  if (target !== undefined) return { name, target }
  throw new CliError('wrong_use', `${reference} names no tag.`, 'Write NAME:TAG or NAME@DIGEST.')
}
