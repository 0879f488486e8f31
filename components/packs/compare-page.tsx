'use client'

import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import Link from 'next/link'

import { PageHeader } from '@/components/shell/page-header'
import { useAddress } from '@/components/shell/use-address'
import { Button } from '@/components/ui/button'
import { SelectField } from '@/components/ui/field'
import { Empty, LoadFailed, Skeleton, SkeletonRows } from '@/components/ui/list-states'
import { Mono } from '@/components/ui/mono'
import { CompareChooser } from './compare-chooser'
import { CompareMeaning } from './compare-meaning'
import { CompareNav } from './compare-nav'
import { comparisonQuery, type PackComparison } from './compare-queries'
import { type Side, sideOf, versionsIn } from './compare-sides'
import { PackLogo } from './pack-logo'
import { type PackCardData, packQuery, versionsQuery } from './queries'

const CompareFile = dynamic(() => import('./compare-file').then((all) => all.CompareFile), {
  loading: () => <SkeletonRows label="Loading the file" rows={10} height="h-5" />,
})

/** Two versions of a pack, or one in two registries: what differs, and where. */
export function ComparePage({ name }: { name: string }) {
  const pack = useQuery(packQuery(name))
  const href = `/packs/${encodeURIComponent(name)}`
  const trail = [
    { href: '/packs', name: 'Packs' },
    { href, name: pack.data?.spec.displayName ?? name },
  ]
  if (pack.data) return <KnownPack pack={pack.data} trail={trail} />
  return (
    <>
      <PageHeader trail={trail} title="Compare versions" />
      {pack.isPending ? (
        <Skeleton className="h-96" />
      ) : pack.isError ? (
        <LoadFailed what="The pack" error={pack.error} retry={() => void pack.refetch()} />
      ) : (
        <Empty
          title={`No registry carries “${name}”`}
          action={
            <Button asChild>
              <Link href="/packs">Go to the catalog</Link>
            </Button>
          }
        >
          It may have been removed from its registry, or the name is spelled otherwise.
        </Empty>
      )}
    </>
  )
}

function KnownPack({
  pack: { spec },
  trail,
}: {
  pack: PackCardData
  trail: { href: string; name: string }[]
}) {
  const address = useAddress()
  const { query, set } = address
  const first = spec.registries[0]?.uid ?? ''
  const known = (uid: string | null) => spec.registries.find((one) => one.uid === uid)?.uid
  const toUid = known(query.get('toRegistry')) ?? known(query.get('fromRegistry')) ?? first
  const ofRight = useQuery(versionsQuery(spec.name, toUid))
  // The only version that a registry has is compared with that of another one, unless somebody chose.
  const isAlone = ofRight.data && !query.get('from') && versionsIn(ofRight.data).length === 1
  const other = isAlone ? spec.registries.find((one) => one.uid !== toUid)?.uid : undefined
  const fromUid = known(query.get('fromRegistry')) ?? other ?? toUid
  const ofLeft = useQuery(versionsQuery(spec.name, fromUid))
  const header = (
    <PageHeader
      trail={trail}
      picture={
        <PackLogo
          url={spec.registries[0]?.logoUrl ?? ''}
          name={spec.displayName}
          layer={spec.layer}
          size={40}
        />
      }
      title={`Compare versions of ${spec.displayName}`}
      description={<Mono text={spec.name} />}
    />
  )
  const failed = [ofLeft, ofRight].find((one) => one.isError)
  if (failed?.error)
    return (
      <>
        {header}
        <LoadFailed what="The versions" error={failed.error} retry={() => void failed.refetch()} />
      </>
    )
  if (!ofLeft.data || !ofRight.data)
    return (
      <>
        {header}
        <SkeletonRows label="Loading versions" rows={6} />
      </>
    )
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? '']
  const right = sideOf({ registryUid: toUid, tag: to }, ofRight.data)
  const left = sideOf({ registryUid: fromUid, tag: from }, ofLeft.data, right)
  const nameOf = (uid: string) => spec.registries.find((one) => one.uid === uid)?.name ?? uid
  return (
    <>
      {header}
      <CompareChooser
        registries={spec.registries}
        left={{ registryUid: fromUid, versions: ofLeft.data, side: left, tag: from }}
        right={{ registryUid: toUid, versions: ofRight.data, side: right, tag: to }}
        set={set}
      />
      {left && right ? (
        <Comparison left={left} right={right} address={address} />
      ) : (
        <NoSide
          missing={right ? from : to}
          registry={nameOf(right ? fromUid : toUid)}
          isOnlyOne={versionsIn(ofLeft.data).length === 1 && spec.registries.length === 1}
        />
      )}
    </>
  )
}

function NoSide({ missing, registry, isOnlyOne }: { missing: string; registry: string; isOnlyOne: boolean }) {
  if (missing)
    return (
      <Empty title={`${registry} has no version ${missing}`}>
        Choose another version above, or another registry.
      </Empty>
    )
  return (
    <Empty title="There is nothing to compare it with">
      {isOnlyOne
        ? 'The catalog has one version of this pack, from one registry.'
        : 'No version is older. Choose another one above.'}
    </Empty>
  )
}

function Comparison({
  left,
  right,
  address,
}: {
  left: Side
  right: Side
  address: ReturnType<typeof useAddress>
}) {
  const parts = useQuery(comparisonQuery(left.packUid, right.packUid, false))
  // Manifests and charts may have to be fetched from the registry: the rest does not wait for them.
  const whole = useQuery(comparisonQuery(left.packUid, right.packUid, true))
  const { query, set } = address
  const data = whole.data ?? parts.data
  if (!data)
    return parts.isError ? (
      <LoadFailed what="The comparison" error={parts.error} retry={() => void parts.refetch()} />
    ) : (
      <SkeletonRows label="Loading the comparison" rows={8} />
    )
  // A file of a chart may not be listed yet.
  const asked = query.get('file') ?? ''
  const file = whole.isPending || data.files.some((one) => one.path === asked) ? asked : ''
  const open = (path: string | null) => set({ file: path, change: null })
  return (
    <div className="flex flex-col gap-6">
      <Summary comparison={data} />
      {whole.isError && !whole.data ? (
        <LoadFailed what="Manifests and charts" error={whole.error} retry={() => void whole.refetch()} />
      ) : null}
      <div className="grid gap-x-8 gap-y-5 lg:grid-cols-[240px_minmax(0,1fr)]">
        <div className="hidden lg:block">
          <div className="sticky top-18 max-h-[calc(100dvh-6rem)] overflow-y-auto">
            <CompareNav files={data.files} open={file} onOpen={open} />
            {whole.isPending ? <Reading /> : null}
          </div>
        </div>
        <SelectField
          label="Show"
          className="lg:hidden"
          value={file}
          onChange={(event) => open(event.target.value)}
        >
          <option value="">What changed</option>
          {file && !data.files.some((one) => one.path === file) ? <option value={file}>{file}</option> : null}
          {data.files.map(({ path, change }) => (
            <option key={path} value={path}>
              {path} ({change === 'same' ? 'the same' : change})
            </option>
          ))}
        </SelectField>
        <div className="min-w-0">
          {file ? (
            <CompareFile
              left={left.packUid}
              right={right.packUid}
              path={file}
              names={namesOf(data)}
              address={address}
            />
          ) : (
            <CompareMeaning comparison={data} />
          )}
        </div>
      </div>
    </div>
  )
}

/** Versions; with their registries where these differ. */
function namesOf({ left, right }: PackComparison): [string, string] {
  if (left.registryUid === right.registryUid) return [left.version, right.version]
  return [`${left.version} in ${left.registryName}`, `${right.version} in ${right.registryName}`]
}

const Reading = () => (
  <p role="status" className="mt-4 px-2 text-ink-faint text-xs">
    Reading manifests and charts…
  </p>
)

const Summary = ({ comparison }: { comparison: PackComparison }) => (
  <section aria-label="Summary" className="rounded-lg border bg-surface px-5 py-4">
    <p className="text-ink-soft text-xs">{namesOf(comparison).join(' → ')}</p>
    <ul className="mt-2 flex list-disc flex-col gap-1 pl-4 marker:text-ink-faint">
      {comparison.summary.map((line) => (
        <li key={line} className="[overflow-wrap:anywhere]">
          {line}
        </li>
      ))}
    </ul>
    {comparison.notes.map((note) => (
      <p key={note} className="mt-2 text-ink-faint text-xs [overflow-wrap:anywhere]">
        {note}
      </p>
    ))}
  </section>
)
