import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { hashSync } from 'bcryptjs'
import pino from 'pino'
import { parseConfig } from '@/registry/config/load'
import type { ConfigInput } from '@/registry/config/schema'
import { startRegistry } from '@/registry/start'

export interface TestRegistry {
  url: string
  port: number
  /** Where it keeps its data. */
  dir: string
  setPasswords(users: Record<string, string>): Promise<void>
  close(): Promise<void>
}

interface Options {
  /** User → password; absent: everybody may read and push. */
  users?: Record<string, string>
  tls?: { cert: string; key: string }
  port?: number
}

/** Starts our own registry server in this process, on a free port, with data that ends with it. */
export async function startTestRegistry({ users, tls, port = 0 }: Options = {}): Promise<TestRegistry> {
  const dir = await mkdtemp(path.join(tmpdir(), 'packyard-test-registry-'))
  const file = (name: string) => path.join(dir, name)
  const setPasswords = (all: Record<string, string>) =>
    writeFile(
      file('htpasswd'),
      Object.entries(all)
        .map(([user, password]) => `${user}:${hashSync(password, 5)}\n`)
        .join(''),
    )
  if (users) await setPasswords(users)
  if (tls) {
    await writeFile(file('tls.crt'), tls.cert)
    await writeFile(file('tls.key'), tls.key)
  }
  const config: ConfigInput = {
    log: { level: 'silent' },
    storage: { filesystem: { rootdirectory: file('data') } },
    http: {
      addr: `127.0.0.1:${port}`,
      ...(tls && { tls: { certificate: file('tls.crt'), key: file('tls.key') } }),
    },
    auth: users ? { htpasswd: { realm: 'test', path: file('htpasswd') } } : { none: {} },
  }
  const running = await startRegistry(parseConfig(config), pino({ level: 'silent' }))
  return {
    url: running.url,
    port: running.port,
    dir: file('data'),
    setPasswords,
    async close() {
      await running.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
