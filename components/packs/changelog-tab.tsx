'use client'

import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'

import { Empty, LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { changelogQuery } from './one-pack-queries'

const Readme = dynamic(() => import('./readme'), { loading: () => <SkeletonRows label="Loading" rows={4} /> })

/** What changed from version to version, as the pack itself tells. */
export function ChangelogTab({ uid, hrefOf }: { uid: string; hrefOf: (path: string) => string }) {
  const changes = useQuery(changelogQuery(uid))
  if (changes.isPending) return <SkeletonRows label="Loading the changelog" rows={6} />
  if (changes.isError)
    return <LoadFailed what="The changelog" error={changes.error} retry={() => void changes.refetch()} />
  const { from, text, isCut } = changes.data
  if (!from)
    return (
      <Empty title="This version has no changelog">
        Neither a CHANGELOG.md, nor its chart, nor its README tells what changed. Choose two versions under
        Versions to compare them.
      </Empty>
    )
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-faint text-xs">
        From <span className="mono">{from}</span>
        {isCut ? '. It is long: the first 128 KiB are shown.' : ''}
      </p>
      <Readme text={text} packUid={uid} from={from} hrefOf={hrefOf} />
    </div>
  )
}
