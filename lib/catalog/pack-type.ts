import type { RegistryInput } from '../registries/schema'

type RegistryKind = RegistryInput['kind']

const TYPES = { pack: 'spectro', helm: 'helm', oci: 'oci' } as const satisfies Record<RegistryKind, string>

/** The type that a pack has by the kind of its registry, as clients of the original expect it. */
export const packTypeOf = (kind: string): (typeof TYPES)[RegistryKind] =>
  TYPES[kind as RegistryKind] ?? 'spectro'
