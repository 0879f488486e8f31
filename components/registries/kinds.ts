import type { OciSettings, RegistryKind } from '@/lib/adapters/schema'

/** What people call a kind of registry, and what of it goes into the catalog. */
export const KIND_WORDS: Record<
  RegistryKind,
  { name: string; short: string; asks: string; example: string }
> = {
  pack: {
    name: 'Pack registry',
    short: 'Pack',
    asks: 'Is it a pack registry',
    example: 'registry.example.com:5000',
  },
  oci: {
    name: 'OCI registry',
    short: 'OCI',
    asks: 'Is it an OCI registry',
    example: 'harbor.example.com',
  },
  helm: {
    name: 'Helm repository',
    short: 'Helm',
    asks: 'Is it a Helm repository',
    example: 'charts.example.com/stable',
  },
}

export const PROVIDER_WORDS: Record<OciSettings['providerType'], string> = {
  pack: 'Packs',
  helm: 'Helm charts',
}

/** Where an OCI registry is looked into. */
export function whereOf({ providerType, baseContentPath, repositories }: OciSettings): string {
  if (repositories.length > 0) return repositories.join(', ')
  const path = [baseContentPath, ...(providerType === 'pack' ? ['spectro-packs/archive'] : [])]
  return `${path.filter(Boolean).join('/')}/`
}
