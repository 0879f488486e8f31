import { open } from 'node:fs/promises'
import { join } from 'node:path'

import { CliError } from './errors'
import { hostOf } from './server-name'

const SYSTEM_DIRECTORY = '/etc/spectro/certs.d'
const MAX_BYTES = 1024 * 1024

/**
 * The certificates that are trusted for one server besides the host's own: `<server>/ca.crt` in /etc/spectro/certs.d
 * and in certs.d of the home directory.
 *
 * @returns PEM; '' where there are none
 * @throws CliError `failed` for a file that is there and cannot be read
 */
export async function trustedFor(server: string, home: string, system = SYSTEM_DIRECTORY): Promise<string> {
  const host = hostOf(server)
  const names = /:\d+$/.test(host) ? [host] : [host, `${host}:443`]
  const files = [system, join(home, 'certs.d')].flatMap((root) =>
    names.map((name) => join(root, name, 'ca.crt')),
  )
  return (await Promise.all(files.map(readIfThere))).filter(Boolean).join('\n')
}

async function readIfThere(file: string): Promise<string> {
  try {
    const handle = await open(file)
    try {
      if ((await handle.stat()).size > MAX_BYTES) throw new Error('too large')
      return await handle.readFile('utf8')
    } finally {
      await handle.close()
    }
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return ''
    throw new CliError('failed', `${file} cannot be read.`, 'Check its rights, or remove it.', { cause })
  }
}
