import { checkDirectory } from '../check-directory'
import type { Answer, Context } from '../context'

/** Checks a pack's directory as a push would, without a registry. */
export async function packLint(context: Context, directory: string): Promise<Answer> {
  const { files, manifest, findings, leftOut } = await checkDirectory(directory)
  for (const { file, message, fix } of findings) context.warn(`warning ${file}: ${message} ${fix}`)
  const { name, version, layer } = manifest
  const count = findings.length === 1 ? 'one warning' : `${findings.length || 'no'} warnings`
  return {
    data: { name, version, layer, files: files.size, findings, leftOut },
    lines: [`${name} ${version}: sound, ${count}, ${files.size} files.`],
  }
}
