'use client'

import { useInfiniteQuery } from '@tanstack/react-query'

import { SelectField } from '@/components/ui/field'
import { type OnePack, type VersionDetail, versionPagesQuery } from './one-pack-queries'

/** Which version of which registry the page is about. The newest are here; all are under Versions. */
export function VersionFields({
  pack,
  version,
  onRegistry,
  onVersion,
}: {
  pack: OnePack
  version: VersionDetail | undefined
  onRegistry: (uid: string) => void
  onVersion: (version: string) => void
}) {
  const registryUid = version?.registryUid ?? pack.sources[0]?.registryUid ?? ''
  const pages = useInfiniteQuery(versionPagesQuery(pack.name, registryUid, ''))
  const [first] = pages.data?.pages ?? []
  const listed = first?.items.map((one) => one.version) ?? []
  const all = version && !listed.includes(version.version) ? [version.version, ...listed] : listed
  const isMore = (first?.listmeta.count ?? 0) > listed.length
  return (
    <div className="order-1 grid grid-cols-2 gap-4 lg:order-none lg:grid-cols-1">
      <SelectField label="Registry" value={registryUid} onChange={(event) => onRegistry(event.target.value)}>
        {pack.sources.map((one) => (
          <option key={one.registryUid} value={one.registryUid}>
            {one.registryName}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Version"
        mono
        value={version?.version ?? ''}
        hint={isMore ? 'The newest are listed here, all of them under Versions.' : undefined}
        onChange={(event) => onVersion(event.target.value)}
      >
        {version ? null : <option value="">…</option>}
        {all.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </SelectField>
    </div>
  )
}
