import { ApiError, type Answer as Called } from '@/lib/client/call'
import { unifiedDiff } from '@/lib/pack-format/unified-diff'

import { type Console, withConsole } from '../console'
import { type FoundVersion, findVersion, parsePack } from '../console-pack'
import type { Answer, Context } from '../context'
import { CliError, EXIT } from '../errors'

export interface DiffOptions {
  registry?: string[]
  summary?: boolean
  exitCode?: boolean
}

type Comparison = Called<'comparePacks'>

/** Of so many files lines are printed; others are named. */
const FILES = 200

/**
 * What changes from one version to another: what it means, then the lines of each file as `diff -u` has them.
 *
 * @throws CliError `not_found`
 */
export const consolePacksDiff = (
  context: Context,
  from: string,
  to: string,
  { registry = [], summary = false, exitCode = false }: DiffOptions,
): Promise<Answer> =>
  withConsole(context, async (console) => {
    if (registry.length > 2)
      throw new CliError(
        'wrong_use',
        'There are two versions, and more registries.',
        'Give --registry twice.',
      )
    const left = await findVersion(console, parsePack(from), registry[0])
    const right = await findVersion(console, parsePack(to), registry.at(-1))
    const query = { left: left.packUid, right: right.packUid }
    context.progress('Comparing')
    const comparison = await compare(context, console, query)
    const differing = comparison.files.filter((one) => one.change !== 'same')
    const files = summary ? [] : await readFiles(context, console, comparison, { left, right })
    const data = { ...comparison, ...(!summary && { diffs: files }) }
    return {
      data,
      lines: [
        { text: `${nameOf(comparison.left)} → ${nameOf(comparison.right)}`, tone: 'heading' },
        ...comparison.summary,
        ...comparison.notes,
        ...files.flatMap(({ diff, note }) => ['', ...(note ? [note] : diff.map(toned))]),
        ...(!summary && differing.length > FILES ? [`And ${differing.length - FILES} more files.`] : []),
      ],
      exitCode: exitCode && differing.length > 0 ? EXIT.failed : EXIT.ok,
    }
  })

/** With manifests and charts, where the registry gives them. */
async function compare(
  { warn }: Context,
  console: Console,
  query: { left: string; right: string },
): Promise<Comparison> {
  try {
    return await console.call('comparePacks', { query: { ...query, files: 'true' } })
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 502) throw error
    warn(`Manifests and charts are not compared. ${error.message}`)
    return await console.call('comparePacks', { query })
  }
}

const nameOf = ({ name, version, registryName }: Comparison['left']) => `${name} ${version} (${registryName})`

async function readFiles(
  { progress }: Context,
  console: Console,
  { files, left, right }: Comparison,
  uids: { left: FoundVersion; right: FoundVersion },
) {
  const found: { path: string; diff: string[]; note: string }[] = []
  // Where only the registries differ, they tell the sides apart.
  const nameOf = (side: Comparison['left']) =>
    (left.version === right.version ? side.registryName : side.version).replaceAll(/\s+/g, '_')
  for (const { path, change } of files.filter((one) => one.change !== 'same').slice(0, FILES)) {
    progress(`Comparing ${path}`)
    const query = { left: uids.left.packUid, right: uids.right.packUid, path }
    const file = await console.call('comparePackFile', { query })
    const name = (side: Comparison['left'], isThere: boolean) =>
      isThere ? `${nameOf(side)}/${path}` : '/dev/null'
    const diff = unifiedDiff(
      { name: name(left, change !== 'added'), text: file.left },
      { name: name(right, change !== 'removed'), text: file.right },
      file.edits ?? [],
    )
    const note = diff.length > 0 ? '' : `${path} differs. ${file.reason || 'Only its line breaks do.'}`
    found.push({ path, diff, note })
  }
  return found
}

function toned(text: string, index: number): Answer['lines'][number] {
  // The names of both sides.
  if (index < 2) return { text, tone: 'heading' }
  if (text.startsWith('@@')) return { text, tone: 'place' }
  if (text.startsWith('+')) return { text, tone: 'added' }
  return text.startsWith('-') ? { text, tone: 'removed' } : text
}
