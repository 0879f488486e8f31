'use client'

import { useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, CloudUpload, FilePen, Pencil, Plus, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { LAYER_LOOKS } from '@/components/packs/layers'
import { YamlView } from '@/components/packs/yaml-view'
import { PageHeader } from '@/components/shell/page-header'
import { useAddress } from '@/components/shell/use-address'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Empty, LoadFailed, Skeleton } from '@/components/ui/list-states'
import { Mono } from '@/components/ui/mono'
import { count } from '@/components/ui/numbers'
import { Panel } from '@/components/ui/panel'
import { RelativeTime } from '@/components/ui/time'
import type { Session } from '@/lib/access/schema'
import { enabledPresets } from '@/lib/profiles/enabled-presets'
import { AgingPacksOfProfile } from './aging-packs'
import { ButtonLink } from './button-link'
import { useChecks } from './checks'
import { DeleteDialog } from './delete-dialog'
import type { Draft, DraftLayer, Profile } from './draft'
import { FindingMark, Findings } from './findings'
import { packNameOf, profileDraftQuery, registryNamesQuery, usePublishProfile } from './queries'
import { Stack } from './stack'
import { cloudName, typeName } from './words'

const MAY_NOT = 'Your role does not allow this. Ask a tenant admin.'

/** One version of a cluster profile: the stack, and what stands in each of its layers. */
export function ProfileView({ uid, permissions }: { uid: string; permissions: Session['permissions'] }) {
  const loaded = useQuery(profileDraftQuery(uid))
  if (loaded.isPending) return <ViewSkeleton />
  if (loaded.isError)
    return (
      <>
        <PageHeader trail={[{ href: '/profiles', name: 'Cluster Profiles' }]} title="Cluster profile" />
        <LoadFailed what="The profile" error={loaded.error} retry={() => void loaded.refetch()} />
      </>
    )
  return <Opened {...loaded.data} permissions={permissions} />
}

function Opened({
  profile,
  draft,
  permissions,
}: {
  profile: Profile
  draft: Draft
  permissions: Session['permissions']
}) {
  const router = useRouter()
  const { query, set } = useAddress()
  const [isDeleting, setDeleting] = useState(false)
  const publish = usePublishProfile()
  const { uid } = profile.metadata
  const { isPublished } = profile.status
  const { findings, isChecked } = useChecks(draft, uid)
  const errors = findings.filter((one) => one.level === 'error')
  const layer = draft.layers.find((one) => one.name === query.get('layer')) ?? draft.layers.at(-1)
  const may = (permission: Session['permissions'][number]) => permissions.includes(permission)

  return (
    <>
      <PageHeader
        trail={[{ href: '/profiles', name: 'Cluster Profiles' }]}
        title={draft.name}
        description={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <Versions profile={profile} />
            {isPublished ? (
              <Badge tone="good" icon={<CircleCheck aria-hidden />}>
                Published
              </Badge>
            ) : (
              <Badge icon={<FilePen aria-hidden />}>Draft</Badge>
            )}
            <span>
              {typeName(draft.type)}
              {draft.cloudType === 'all' ? '' : ` · ${cloudName(draft.cloudType)}`}
            </span>
            <span>
              Changed <RelativeTime time={profile.metadata.lastModifiedTimestamp} />
            </span>
          </span>
        }
        actions={
          <>
            <Button
              look="quiet"
              icon={<Trash2 aria-hidden />}
              disabledReason={may('clusterProfile.delete') ? undefined : MAY_NOT}
              onClick={() => setDeleting(true)}
            >
              Delete
            </Button>
            <ButtonLink
              look={isPublished ? 'primary' : 'plain'}
              href={`/profiles/new?from=${uid}`}
              icon={<Plus aria-hidden />}
              disabledReason={may('clusterProfile.create') ? undefined : MAY_NOT}
            >
              New version
            </ButtonLink>
            <ButtonLink
              href={`/profiles/${uid}/edit`}
              icon={<Pencil aria-hidden />}
              disabledReason={
                !may('clusterProfile.update')
                  ? MAY_NOT
                  : isPublished
                    ? 'A published version never changes. Make a new version from it.'
                    : undefined
              }
            >
              Edit
            </ButtonLink>
            <Button
              look={isPublished ? 'plain' : 'primary'}
              icon={<CloudUpload aria-hidden />}
              busy={publish.isPending}
              disabledReason={
                !may('clusterProfile.publish')
                  ? MAY_NOT
                  : isPublished
                    ? 'This version is published.'
                    : errors.length > 0
                      ? `${count(errors.length, 'problem')} first: ${errors[0]?.what}`
                      : undefined
              }
              onClick={() => publish.mutate(uid)}
            >
              Publish
            </Button>
          </>
        }
      />
      {publish.isError ? (
        <Callout tone="bad" title="The profile could not be published" className="mb-5">
          {publish.error.message}
        </Callout>
      ) : null}
      <AgingPacksOfProfile uid={uid} />
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(280px,380px)_minmax(0,1fr)] lg:gap-8">
        <div className="flex flex-col gap-5">
          {draft.layers.length > 0 ? (
            <Stack
              label="The stack"
              selected={layer?.name}
              onSelect={(name) => set({ layer: name })}
              layers={draft.layers.map((one) => ({
                ...one,
                version: one.type === 'manifest' ? '' : one.tag || one.version,
                ...(one.type === 'manifest' && { note: 'Manifest' }),
                marks: one.invalidReason ? (
                  <span title={one.invalidReason} className="text-bad">
                    <CircleAlert aria-hidden className="size-4" />
                    <span className="sr-only">Problem: {one.invalidReason}</span>
                  </span>
                ) : (
                  <FindingMark findings={findings.filter((found) => found.pack === one.name)} />
                ),
              }))}
            />
          ) : null}
          {draft.description ? <p className="pr-2.5 text-ink-soft">{draft.description}</p> : null}
          {draft.tags.length > 0 ? (
            <ul aria-label="Tags" className="flex flex-wrap gap-1.5">
              {draft.tags.map((tag) => (
                <li key={tag}>
                  <Badge>{tag}</Badge>
                </li>
              ))}
            </ul>
          ) : null}
          {findings.length > 0 || !isPublished ? (
            <section aria-label="Checks" className="pr-2.5">
              <Findings
                findings={findings}
                isChecked={isChecked}
                draft={draft}
                onGo={(place) => place.startsWith('layer:') && set({ layer: place.slice('layer:'.length) })}
              />
            </section>
          ) : null}
          <p className="text-ink-faint text-xs">
            Made <RelativeTime time={profile.metadata.creationTimestamp} />
          </p>
        </div>
        {layer ? (
          <LayerView key={layer.name} layer={layer} />
        ) : (
          <Panel>
            <Empty
              title="No layers yet"
              action={
                isPublished ? undefined : (
                  <ButtonLink
                    look="primary"
                    href={`/profiles/${uid}/edit`}
                    disabledReason={may('clusterProfile.update') ? undefined : MAY_NOT}
                  >
                    Edit
                  </ButtonLink>
                )
              }
            >
              Edit the draft to choose its packs.
            </Empty>
          </Panel>
        )}
      </div>
      <DeleteDialog
        profile={
          isDeleting
            ? { uid, name: draft.name, version: draft.version, versions: profile.spec.versions.length }
            : null
        }
        onClose={() => setDeleting(false)}
        onDeleted={() => router.push('/profiles')}
      />
    </>
  )
}

function Versions({ profile }: { profile: Profile }) {
  const router = useRouter()
  const { version, versions } = profile.spec
  if (versions.length < 2) return <span className="mono">{version}</span>
  return (
    <select
      aria-label="Version"
      value={profile.metadata.uid}
      onChange={(event) => router.push(`/profiles/${event.target.value}`)}
      className="mono h-7 rounded border border-line-strong bg-surface px-1.5 text-ink"
    >
      {versions.map((one) => (
        <option key={one.uid} value={one.uid}>
          {one.version}
        </option>
      ))}
    </select>
  )
}

function LayerView({ layer }: { layer: DraftLayer }) {
  const registries = useQuery(registryNamesQuery())
  const registry = registries.data?.items.find((one) => one.uid === layer.registryUid)
  const presets = enabledPresets(layer.values)
  return (
    <section aria-label={layer.displayName} className="min-w-0">
      <Panel
        title={
          <span className="flex items-center gap-2.5">
            <span
              aria-hidden
              className="h-4 w-5 rounded-[2px]"
              style={{ background: LAYER_LOOKS[layer.layer].hue }}
            />
            {layer.displayName}
          </span>
        }
        actions={
          layer.type === 'manifest' || layer.invalidReason ? undefined : (
            <Link
              href={`/packs/${encodeURIComponent(packNameOf(layer.name))}`}
              className="text-accent text-xs underline-offset-3 hover:underline"
            >
              Open the pack
            </Link>
          )
        }
      >
        <div className="flex flex-col gap-5">
          {layer.invalidReason ? (
            <Callout tone="warn" title="This pack cannot be had any more">
              {layer.invalidReason} The profile keeps its version and values.
            </Callout>
          ) : null}
          {layer.type === 'manifest' ? null : (
            <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2">
              <Fact name="Pack">
                <span className="mono">{layer.name}</span>
              </Fact>
              <Fact name="Version">
                <span className="mono">
                  {layer.tag && layer.tag !== layer.version
                    ? `${layer.tag} → ${layer.version}`
                    : layer.version}
                </span>
              </Fact>
              <Fact name="Registry">
                {registry?.name ?? (registries.isPending ? '…' : 'No longer connected')}
              </Fact>
              {layer.digest ? (
                <Fact name="Digest">
                  <Mono text={layer.digest} max={32} />
                </Fact>
              ) : null}
              {presets.length > 0 ? (
                <Fact name="Presets">
                  {presets.map(({ group, name }) => (group ? `${group}: ${name}` : name)).join(' · ')}
                </Fact>
              ) : null}
            </dl>
          )}
          {layer.manifests.map((manifest) => (
            <div key={manifest.name} className="flex flex-col gap-2">
              <h3 className="font-medium">{manifest.name}</h3>
              <YamlView text={manifest.content} label={`Manifest ${manifest.name}`} />
            </div>
          ))}
          {layer.type === 'manifest' ? null : (
            <div className="flex flex-col gap-2">
              <h3 className="font-medium">Values</h3>
              {layer.values.trim() ? (
                <YamlView text={layer.values} label={`Values of ${layer.displayName}`} />
              ) : (
                <p className="text-ink-soft">This layer has no values.</p>
              )}
            </div>
          )}
        </div>
      </Panel>
    </section>
  )
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <>
    <dt className="text-ink-soft">{name}</dt>
    <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
  </>
)

const ViewSkeleton = () => (
  <div role="status" aria-label="Loading the profile">
    <div className="mb-6 flex flex-col gap-3">
      <Skeleton className="h-4 w-40" />
      <Skeleton className="h-8 w-64" />
      <Skeleton className="h-6 w-72" />
    </div>
    <div className="grid grid-cols-1 gap-8 lg:grid-cols-[minmax(280px,380px)_minmax(0,1fr)]">
      <Skeleton className="h-80" />
      <Skeleton className="h-[32rem]" />
    </div>
  </div>
)
