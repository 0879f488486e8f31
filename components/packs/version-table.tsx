import { Mono } from '@/components/ui/mono'
import { Table, Td, Th } from '@/components/ui/table'
import { RelativeTime } from '@/components/ui/time'
import type { PackVersions } from './queries'
import { PackStateBadge } from './state-badge'

/** Every version of a pack in one registry, newest first. */
export function VersionTable({
  versions: { tags, packValues },
  chosen,
  onChoose,
}: {
  versions: PackVersions
  chosen: string
  onChoose: (version: string) => void
}) {
  const own = tags.filter((one) => one.tag === one.version)
  const details = new Map(packValues.map((one) => [one.packUid, one.packyard]))
  return (
    <div className="overflow-hidden rounded-lg border bg-surface">
      <Table label="Versions">
        <thead>
          <tr>
            <Th>Version</Th>
            <Th>Tracks and labels</Th>
            <Th>State</Th>
            <Th>End of life</Th>
            <Th>In the catalog</Th>
            <Th>Digest</Th>
          </tr>
        </thead>
        <tbody>
          {own.map(({ version, packUid }) => {
            const detail = details.get(packUid)
            const others = tags.filter((one) => one.packUid === packUid && one.tag !== version)
            return (
              <tr key={packUid} className={version === chosen ? 'bg-accent-soft/60' : undefined}>
                <Td className="mono">
                  <button
                    type="button"
                    aria-current={version === chosen ? 'true' : undefined}
                    onClick={() => onChoose(version)}
                    className="underline-offset-3 hover:underline"
                  >
                    {version}
                  </button>
                </Td>
                <Td className="mono text-ink-soft text-xs">{others.map((one) => one.tag).join(', ')}</Td>
                <Td>
                  {detail ? <PackStateBadge state={detail.state} gone={detail.goneTime !== null} /> : null}
                </Td>
                <Td className="text-ink-soft">{detail?.eol.trim()}</Td>
                <Td className="text-ink-soft">{detail ? <RelativeTime time={detail.addedTime} /> : null}</Td>
                <Td>{detail ? <Mono text={detail.digest} max={20} className="text-xs" /> : null}</Td>
              </tr>
            )
          })}
        </tbody>
      </Table>
    </div>
  )
}
