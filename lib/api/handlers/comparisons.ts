import { type ComparedVersion, compareFile, comparePacks } from '../../catalog/compare'
import { summarize } from '../../catalog/comparison-summary'
import type { PackState } from '../../catalog/schema'
import type { Handlers } from '../mount'
import type { comparisonOperations } from '../operations/comparisons'
import { toTime } from '../wire/parts'

const toSide = ({ version }: ComparedVersion) => ({
  packUid: version.id,
  name: version.name,
  displayName: version.displayName,
  version: version.version,
  registryUid: version.registryId,
  registryName: version.registry.name,
  digest: version.digest,
  state: version.state as PackState,
  eol: version.eol,
  goneTime: version.goneAt?.toISOString() ?? null,
  addedTime: toTime(version.createdAt),
})

export const comparisonHandlers: Handlers<typeof comparisonOperations> = {
  async comparePacks({ query }, { actor }) {
    const comparison = await comparePacks(actor, query.left, query.right, { withFiles: query.files })
    const { valuesProblem: _, ...changes } = comparison.changes
    return {
      left: toSide(comparison.left),
      right: toSide(comparison.right),
      summary: summarize(comparison),
      ...changes,
      hasAllFiles: comparison.hasAllFiles,
      notes: comparison.notes,
      files: comparison.files.map(({ path, change, lines }) => ({ path, change, lines })),
    }
  },
  comparePackFile: ({ query }, { actor }) => compareFile(actor, query.left, query.right, query.path),
}
