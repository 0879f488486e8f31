import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'

import { freshSettings, readFirstStart, startUp } from '../support/start-up'

/** A first start of the launcher in a data directory of its own: what a person has on the first day. */
export default async function globalSetup() {
  const dataDir = path.resolve('.cache/e2e/data')
  rmSync(dataDir, { recursive: true, force: true })
  mkdirSync(dataDir, { recursive: true })
  const up = startUp(await freshSettings(dataDir))
  try {
    await up.says('Until the first sign-in')
  } catch (error) {
    await up.stop()
    throw error
  }
  const first = readFirstStart(readFileSync(path.join(dataDir, 'first-start.txt'), 'utf8'))
  Object.assign(process.env, {
    E2E_BASE_URL: first.url,
    E2E_EMAIL: first.email,
    E2E_PASSWORD: first.password,
    E2E_REGISTRY: first.registry,
    E2E_REGISTRY_USER: first.registryUser,
    E2E_REGISTRY_PASSWORD: first.registryPassword,
    E2E_DATA_DIR: dataDir,
  })
  return async () => {
    await up.stop()
  }
}
