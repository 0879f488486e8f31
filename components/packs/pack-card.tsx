import Link from 'next/link'

import { count } from '@/components/ui/numbers'
import { LayerChip } from './layer-chip'
import { PackLogo } from './pack-logo'
import type { PackCardData } from './queries'
import { PackStateBadge } from './state-badge'

const hrefOf = (name: string) => `/packs/${encodeURIComponent(name)}`

const sourcesOf = ({ spec }: PackCardData) =>
  spec.registries.length > 1
    ? count(spec.registries.length, 'registry', 'registries')
    : (spec.registries[0]?.name ?? '')

/** Pixels. All cards are of one height, and all rows: a long list draws only those on the screen. */
export const CARD_HEIGHT = 156
export const ROW_HEIGHT = 32

/** A pack in the grid. */
export function PackCard({ pack, place, total }: { pack: PackCardData; place: number; total: number }) {
  const { spec } = pack
  const [newest] = spec.registries
  return (
    <li
      aria-posinset={place}
      aria-setsize={total}
      style={{ height: CARD_HEIGHT }}
      className="relative flex flex-col gap-3 overflow-hidden bg-surface p-4 outline outline-line hover:bg-accent-soft"
    >
      <div className="flex items-start gap-3">
        <PackLogo url={newest?.logoUrl ?? ''} name={spec.displayName} layer={spec.layer} size={40} />
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="flex items-baseline justify-between gap-3">
            <h2 className="truncate font-semibold" title={spec.displayName}>
              <Link href={hrefOf(spec.name)} className="after:absolute after:inset-0">
                {spec.displayName}
              </Link>
            </h2>
            <span
              className="mono max-w-28 shrink-0 truncate text-ink-soft text-xs"
              title={newest?.latestVersion}
            >
              {newest?.latestVersion}
            </span>
          </div>
          <div className="flex h-5 items-center justify-between gap-3">
            <p className="mono truncate text-ink-faint text-xs">{spec.name}</p>
            <span className="translate-y-1">
              <PackStateBadge state={spec.packyard.state} eol={spec.packyard.eol} />
            </span>
          </div>
        </div>
      </div>
      <p className="line-clamp-2 min-h-10 text-ink-soft">{spec.packyard.description}</p>
      <div className="mt-auto flex items-center gap-x-3 whitespace-nowrap text-ink-faint text-xs">
        <LayerChip layer={spec.layer} />
        {spec.addonType ? <span className="truncate">{spec.addonType}</span> : null}
        <span className="ml-auto">{count(spec.packyard.versions, 'version')}</span>
      </div>
    </li>
  )
}

/** A pack in the dense table. */
export function PackRow({ pack, place }: { pack: PackCardData; place: number }) {
  const { spec } = pack
  const [newest] = spec.registries
  return (
    <tr aria-rowindex={place} style={{ height: ROW_HEIGHT }} className="border-t hover:bg-accent-soft/50">
      <td className="py-1 pr-2.5 pl-4">
        <div className="flex items-center gap-2.5">
          <PackLogo url={newest?.logoUrl ?? ''} name={spec.displayName} layer={spec.layer} size={20} />
          <Link
            href={hrefOf(spec.name)}
            title={spec.displayName}
            className="min-w-20 truncate font-medium underline-offset-3 hover:underline"
          >
            {spec.displayName}
          </Link>
          <PackStateBadge state={spec.packyard.state} eol={spec.packyard.eol} />
        </div>
      </td>
      <td className="mono truncate px-2.5 text-ink-soft text-xs" title={spec.name}>
        {spec.name}
      </td>
      <td className="mono truncate px-2.5 text-xs" title={newest?.latestVersion}>
        {newest?.latestVersion}
      </td>
      <td className="px-2.5">
        <LayerChip layer={spec.layer} />
      </td>
      <td className="truncate px-2.5 text-ink-soft text-xs">{spec.addonType}</td>
      <td
        className="truncate px-2.5 text-ink-soft text-xs"
        title={spec.registries.map((one) => one.name).join(', ')}
      >
        {sourcesOf(pack)}
      </td>
      <td className="pr-4 pl-2.5 text-right text-ink-soft text-xs">{spec.packyard.versions}</td>
    </tr>
  )
}
