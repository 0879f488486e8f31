'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'

import { Panel } from '@/components/ui/panel'
import { CHANGE_KINDS } from '@/lib/catalog/words'
import { ChangeList } from './change-list'
import { someChangesQuery } from './queries'

const SHOWN = 20
/** What the log of a run does not tell: it counts versions that are new, gone and back. */
const KINDS = CHANGE_KINDS.filter((one) => one !== 'added' && one !== 'gone' && one !== 'returned')

/** What a sync run found about the life of versions: other content, deprecations, ends of life. Nothing without any. */
export function RunLifeCycle({ runUid }: { runUid: string }) {
  const { data } = useQuery(someChangesQuery({ run: runUid, kinds: [...KINDS] }, SHOWN))
  if (!data || data.items.length === 0) return null
  return (
    <Panel
      title="Life cycle"
      actions={
        data.listmeta.continue ? (
          <Link
            href={`/changes?${new URLSearchParams([['run', runUid], ...KINDS.map((kind) => ['kind', kind])])}`}
            className="text-accent text-xs underline-offset-3 hover:underline"
          >
            All of them
          </Link>
        ) : null
      }
      flush
    >
      <ChangeList changes={data.items} label="Life cycle" plainDays />
    </Panel>
  )
}
