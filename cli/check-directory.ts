import { PackError, type PackFiles } from '@/lib/pack-format/archive'
import { checkPack, type Finding } from '@/lib/pack-format/check-pack'
import type { PackManifest } from '@/lib/pack-format/manifest'

import { CliError } from './errors'
import { readDirectory } from './read-directory'

export interface CheckedDirectory {
  files: PackFiles
  manifest: PackManifest
  /** Warnings only. */
  findings: Finding[]
  leftOut: string[]
}

/**
 * Reads a pack's directory and checks it.
 *
 * @throws CliError `pack_invalid` with every finding
 */
export async function checkDirectory(directory: string): Promise<CheckedDirectory> {
  const { files, leftOut } = await readDirectory(directory).catch((error: unknown) => {
    if (!(error instanceof PackError)) throw error
    const message = `${error.reason.charAt(0).toUpperCase()}${error.reason.slice(1)}.`
    throw invalid(directory, [
      {
        level: 'error',
        file: error.file,
        message,
        fix: 'Replace it by what a pack may hold, or take it out.',
      },
    ])
  })
  const { manifest, findings } = await checkPack(files)
  if (manifest === null || findings.some((one) => one.level === 'error')) throw invalid(directory, findings)
  return { files, manifest, findings, leftOut }
}

function invalid(directory: string, findings: Finding[]): CliError {
  const errors = findings.filter((one) => one.level === 'error').length
  const count = errors === 1 ? 'one error' : `${errors} errors`
  return new CliError('pack_invalid', `The pack in ${directory} has ${count}.`, '', {
    findings,
  })
}
