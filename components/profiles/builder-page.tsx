'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { PageHeader } from '@/components/shell/page-header'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { LoadFailed, Skeleton } from '@/components/ui/list-states'
import type { Session } from '@/lib/access/schema'
import { Builder } from './builder'
import { ButtonLink } from './button-link'
import { NEW_DRAFT, nextVersion, toBase } from './draft'
import { openedDraftQuery } from './queries'

interface Rights {
  permissions: Session['permissions']
}

/** The builder for a new profile: empty, or as another version that there is. */
export function NewProfile({ from, permissions }: Rights & { from: string }) {
  return from ? (
    <Loaded uid={from} permissions={permissions} asNew />
  ) : (
    <Builder initial={NEW_DRAFT} base={null} permissions={permissions} />
  )
}

/** The builder for a draft. */
export const EditProfile = ({ uid, permissions }: Rights & { uid: string }) => (
  <Loaded uid={uid} permissions={permissions} />
)

function Loaded({ uid, permissions, asNew }: Rights & { uid: string; asNew?: boolean }) {
  // What is open is not replaced under the hands of whoever edits it.
  const [openedAt] = useState(Date.now)
  const loaded = useQuery(openedDraftQuery(uid, openedAt))
  if (loaded.isPending) return <BuilderSkeleton />
  if (loaded.isError)
    return (
      <>
        <PageHeader trail={[{ href: '/profiles', name: 'Cluster Profiles' }]} title="Cluster profile" />
        <LoadFailed what="The profile" error={loaded.error} retry={() => void loaded.refetch()} />
      </>
    )
  const { profile, draft } = loaded.data
  const siblings = profile.spec.versions.map((one) => one.version)
  if (asNew)
    return (
      <Builder
        initial={{ ...draft, version: nextVersion(siblings) }}
        base={null}
        permissions={permissions}
        siblings={siblings}
        from={uid}
      />
    )
  if (profile.status.isPublished)
    return (
      <>
        <PageHeader
          trail={[{ href: '/profiles', name: 'Cluster Profiles' }]}
          title={`${draft.name} ${draft.version}`}
        />
        <Callout
          tone="warn"
          title="This version is published"
          action={
            <div className="flex flex-wrap gap-2">
              <ButtonLink size="small" href={`/profiles/${uid}`}>
                Open it
              </ButtonLink>
              <ButtonLink size="small" look="primary" href={`/profiles/new?from=${uid}`}>
                Make a new version
              </ButtonLink>
            </div>
          }
        >
          A published version never changes. Make a new version from it.
        </Callout>
      </>
    )
  return <Builder initial={draft} base={toBase(profile)} permissions={permissions} siblings={siblings} />
}

const BuilderSkeleton = () => (
  <div role="status" aria-label="Loading the profile">
    <div className="mb-6 flex items-start justify-between gap-6">
      <div className="flex flex-col gap-3">
        <Skeleton className="h-4 w-40" />
        <Skeleton className="h-8 w-64" />
        <Skeleton className="h-5 w-48" />
      </div>
      <Button disabledReason="Loading" className="invisible">
        Save draft
      </Button>
    </div>
    <div className="grid grid-cols-1 gap-8 lg:grid-cols-[minmax(280px,350px)_minmax(0,1fr)]">
      <Skeleton className="h-80" />
      <Skeleton className="h-[32rem]" />
    </div>
  </div>
)
