import { findContents } from '../catalog/store/versions'
import { PackManifest } from '../pack-format/manifest'
import type { ValueRule } from '../pack-format/value-schema'
import type { PackFacts } from './rules/subject'
import type { ProfileLayer } from './schema'
import { findHeldPacks, findHeldRevisions, type HeldPack, type HeldRevision } from './store'

const NONE: PackFacts = {
  ...{ cloudTypes: [], dependencies: [], resources: [], schema: [], own: '', state: 'active' },
  ...{ eol: '', digest: '' },
}

/**
 * What is known of the packs that layers hold, for the rules: what the held content says, and what became of the
 * version in the catalog since. A pack that neither is known of is not in it.
 */
export async function factsOf(
  tenantId: string,
  layers: readonly ProfileLayer[],
): Promise<Map<ProfileLayer, PackFacts>> {
  const ids = (key: 'packRevisionId' | 'packVersionId') => layers.flatMap((one) => one[key] ?? [])
  const [revisions, packs] = await Promise.all([
    findHeldRevisions(tenantId, ids('packRevisionId')),
    findHeldPacks(tenantId, ids('packVersionId')),
  ])
  const held = new Map(revisions.map((one) => [one.id, toHeld(one)]))
  const current = new Map(packs.map((one) => [one.id, toCurrent(one)]))
  const own = await readOwn(tenantId, [...held.values()])
  return new Map(
    layers.flatMap((layer) => {
      const revision = held.get(layer.packRevisionId ?? '')
      const pack = current.get(layer.packVersionId ?? '')
      if (!revision && !pack) return []
      const values = own.get(revision?.valuesDigest ?? '') ?? ''
      return [[layer, { ...NONE, ...revision?.facts, ...pack, own: values }] as const]
    }),
  )
}

function toHeld({ manifest, schema, valuesDigest }: HeldRevision) {
  const { constraints, cloudTypes, cloudType } = PackManifest.safeParse(manifest).data ?? {}
  return {
    valuesDigest,
    facts: {
      cloudTypes: cloudTypes ?? (cloudType ? [cloudType] : []),
      dependencies: constraints?.dependencies ?? [],
      resources: constraints?.resources ?? [],
      schema: schema as unknown as ValueRule[],
    },
  }
}

const toCurrent = ({ state, goneAt, eol, digest }: HeldPack) => ({
  state: goneAt ? ('gone' as const) : (state as PackFacts['state']),
  eol,
  digest,
})

/** Packs' own values, where a rule wants to compare with them. */
async function readOwn(tenantId: string, held: readonly ReturnType<typeof toHeld>[]) {
  const digests = held.flatMap(({ valuesDigest, facts }) =>
    valuesDigest && facts.schema.some((rule) => rule.readonly) ? valuesDigest : [],
  )
  if (digests.length === 0) return new Map<string, string>()
  const contents = await findContents(tenantId, [...new Set(digests)])
  return new Map([...contents].map(([digest, bytes]) => [digest, Buffer.from(bytes).toString('utf8')]))
}
