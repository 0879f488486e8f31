import { rm } from 'node:fs/promises'

import { onTestFinished } from 'vitest'

import { temporaryDirectory } from './registry-process'

/** Removed at the end of the test. */
export async function temporaryDirectoryOfTest(): Promise<string> {
  const directory = await temporaryDirectory()
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}
