import type { CatalogEntry } from '@/lib/adapters/adapter'
import { packAdapter } from '@/lib/adapters/pack'
import { compareVersions } from '@/lib/pack-format/tag'

import { withRegistry } from '../connect'
import type { Answer, Context } from '../context'
import { CliError } from '../errors'
import { table } from '../table'

export interface LsOptions {
  registryServer?: string
  name?: string
}

/** Lists the packs of a registry, the newest version of each first. */
export async function packLs(context: Context, { registryServer, name }: LsOptions): Promise<Answer> {
  return withRegistry(context, registryServer, async ({ server, endpoint, auth, outbound }) => {
    const connection = { kind: 'pack', endpoint, auth, tls: { ca: '', insecureSkipVerify: false } } as const
    const listing = await packAdapter(connection, outbound).list(null, context.signal)
    if (listing === 'unchanged') throw new CliError('not_a_registry', `${server} gave no list of packs.`)
    const packs: CatalogEntry[] = []
    for await (const entry of listing.entries)
      if (name === undefined || entry.name.includes(name)) packs.push(entry)
    packs.sort((a, b) =>
      a.name === b.name ? compareVersions(b.version, a.version) : a.name < b.name ? -1 : 1,
    )
    const data = {
      registry: server,
      packs: packs.map(({ name, version, digest, tags }) => ({ name, version, digest, tags })),
    }
    if (packs.length > 0) {
      const rows = packs.map((one) => [
        one.name,
        one.version,
        one.tags.filter((tag) => tag !== one.version).join(', '),
        one.digest.slice(0, 19),
      ])
      return { data, lines: table(['NAME', 'VERSION', 'TAGS', 'DIGEST'], rows) }
    }
    return {
      data,
      lines: [
        name === undefined
          ? `${server} has no packs yet. Push one: packyard pack push DIR -r ${server}`
          : `${server} has no pack with ${JSON.stringify(name)} in its name.`,
      ],
    }
  })
}
