import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { closedPort } from './servers'

const READY_MS = 10_000

/** Starts Docker Distribution's registry, as Debian packages it. `auth` as in its configuration; none: open. */
export async function startDockerRegistry(auth?: object): Promise<{ url: string; close(): Promise<void> }> {
  const dir = await mkdtemp(path.join(tmpdir(), 'packyard-docker-registry-'))
  const port = await closedPort()
  const config = path.join(dir, 'config.json')
  await writeFile(
    config,
    JSON.stringify({
      version: '0.1',
      log: { level: 'error' },
      storage: { filesystem: { rootdirectory: path.join(dir, 'data') }, delete: { enabled: true } },
      http: { addr: `127.0.0.1:${port}` },
      ...(auth && { auth }),
    }),
  )
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  for (const end = Date.now() + READY_MS; ; ) {
    if (child.exitCode !== null) throw new Error(`docker-registry ended (${child.exitCode})`)
    if (
      await fetch(`${url}/v2/`).then(
        (answer) => answer.ok || answer.status === 401,
        () => false,
      )
    )
      break
    if (Date.now() > end) throw new Error('docker-registry does not answer')
    await new Promise((done) => setTimeout(done, 30))
  }
  return {
    url,
    async close() {
      const ended = once(child, 'exit')
      child.kill()
      await ended
      await rm(dir, { recursive: true, force: true })
    },
  }
}
