'use client'

import { useQueryClient } from '@tanstack/react-query'
import { ArrowRight, Check, CloudUpload, ListChecks, Redo2, Save, Undo2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useMemo, useRef, useState } from 'react'

import { fieldErrors } from '@/components/api'
import { LAYER_LOOKS } from '@/components/packs/layers'
import { versionQuery } from '@/components/packs/queries'
import { PageHeader } from '@/components/shell/page-header'
import { useAddress } from '@/components/shell/use-address'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/panel'
import { RelativeTime } from '@/components/ui/time'
import type { Session } from '@/lib/access/schema'
import { ApiError } from '@/lib/client/call'
import type { Layer } from '@/lib/pack-format/manifest'
import { type Fix, sentenceOf } from '@/lib/profiles/rules/finding'
import { AddPanel } from './add-panel'
import { BasicsPanel } from './basics-panel'
import { beside } from './beside'
import type { Work } from './beside-work'
import { BuilderStack } from './builder-stack'
import { useChecks } from './checks'
import {
  type Base,
  changeLayer,
  type Draft,
  type DraftLayer,
  isSameDraft,
  moveLayer,
  nextVersion,
  type Place,
  placeIn,
  placesOf,
  putLayer,
  removeLayer,
  toBase,
  toCreate,
  toUpdate,
  withMasks,
} from './draft'
import type { Spot } from './finding-places'
import { Findings } from './findings'
import { LayerPanel } from './layer-panel'
import { LeaveWarning } from './leave-warning'
import { ManifestPanel } from './manifest-panel'
import { PackPicker } from './pack-picker'
import {
  type PackChoice,
  profileQuery,
  useCreateProfile,
  usePublishProfile,
  useUpdateProfile,
} from './queries'
import { ReviewPanel } from './review-panel'
import { forgetUnsaved, keepUnsaved, readUnsaved } from './unsaved'
import { useDraft } from './use-draft'
import { VariablesPanel } from './variables-panel'

const KEEP_AFTER_MS = 400
const NO_ERRORS = { name: undefined, version: undefined }

interface Failure {
  title: string
  message: string
  /** What somebody else did meanwhile. */
  conflict?: 'published' | 'changed'
  fields: Record<string, string>
}

/** Where a profile is composed: the stack at the left is the picture, at the right stands what is chosen in it. */
export function Builder({
  initial,
  base: initialBase,
  permissions,
  siblings = [],
  from = '',
}: {
  initial: Draft
  /** Null for a profile that is not stored yet. */
  base: Base | null
  permissions: Session['permissions']
  /** Versions of this name that there are. */
  siblings?: readonly string[]
  /** The profile that a new one is made from: it knows the masked defaults. */
  from?: string
}) {
  const router = useRouter()
  const client = useQueryClient()
  const { query, set } = useAddress()
  const [base, setBase] = useState(initialBase)
  const [saved, setSaved] = useState(initial)
  const { draft, current, edit, restart, undo, redo, canUndo, canRedo } = useDraft(initial)
  const [restoredAt, setRestoredAt] = useState(0)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [showErrors, setShowErrors] = useState(false)
  const [fetching, setFetching] = useState('')
  const [replacing, setReplacing] = useState('')
  const [spot, setSpot] = useState<Spot>()
  const panel = useRef<HTMLElement>(null)
  const wasDirty = useRef(false)
  const create = useCreateProfile()
  const update = useUpdateProfile()
  const publish = usePublishProfile()

  const uid = base?.uid ?? ''
  const isDirty = useMemo(() => !isSameDraft(draft, saved), [draft, saved])
  const place = placeIn(draft, query.get('at'))
  const isBusy = create.isPending || update.isPending || publish.isPending

  // Work that a reload or the end of a session interrupted.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for the profile that was opened
  useEffect(() => {
    const held = readUnsaved(uid)
    if (!held) return
    restart(held.draft)
    setRestoredAt(held.at)
    if (base) setBase({ ...base, revision: held.revision })
  }, [])
  useEffect(() => {
    // What is being saved is not kept beside it: it would be found again by the next new profile.
    if (!isDirty) {
      // Undone to what is saved: there is nothing to come back to.
      if (wasDirty.current) forgetUnsaved(uid)
      wasDirty.current = false
      return
    }
    wasDirty.current = true
    if (isBusy) return
    const timer = setTimeout(
      () => keepUnsaved(uid, { draft, revision: base?.revision ?? 0, at: Date.now() }),
      KEEP_AFTER_MS,
    )
    return () => clearTimeout(timer)
  }, [isDirty, isBusy, draft, uid, base])

  const { findings, isChecked } = useChecks(draft, uid)
  const errors = findings.filter((one) => one.level === 'error')

  const [basicErrors, setBasicErrors] = useState<Work['identity']['output']>(NO_ERRORS)
  const { name, version } = draft
  useEffect(() => {
    let isOver = false
    void beside('identity', { name, version }).then((found) => {
      if (!isOver) setBasicErrors(found)
    })
    return () => {
      isOver = true
    }
  }, [name, version])
  const shownErrors = {
    name: failure?.fields['metadata.name'] ?? (showErrors ? basicErrors.name : undefined),
    version:
      failure?.fields['spec.version'] ?? (showErrors || draft.version ? basicErrors.version : undefined),
  }

  function go(next: Place, at?: Spot) {
    setReplacing('')
    setSpot(at)
    set({ at: next === 'basics' ? null : next })
    // Where the panel stands below the stack, it comes into view.
    if (window.matchMedia('(max-width: 1023px)').matches)
      panel.current?.scrollIntoView({ block: 'start', behavior: 'smooth' })
  }

  async function mend(fixes: readonly Fix[]) {
    // It reads YAML: it comes when it is wanted.
    const { applyFixes } = await import('@/lib/profiles/rules/apply-fix')
    edit((held) => applyFixes(held, fixes))
  }

  function discard() {
    forgetUnsaved(uid)
    restart(saved)
    setRestoredAt(0)
    setFailure(null)
    if (initialBase) setBase(initialBase)
  }

  async function choose(pack: PackChoice, registryUid: string) {
    const source = pack.spec.registries.find((one) => one.uid === registryUid)
    if (!source) return
    setFetching(pack.spec.name)
    setFailure(null)
    try {
      const found = await client.fetchQuery(versionQuery(source.latestPackUid))
      const content = found.packValues[0]
      const layer: DraftLayer = {
        name: pack.spec.name,
        displayName: pack.spec.displayName,
        layer: pack.spec.layer,
        type: pack.spec.type,
        packUid: source.latestPackUid,
        registryUid,
        tag: source.latestVersion,
        version: source.latestVersion,
        digest: content?.packyard.digest ?? '',
        logoUrl: source.logoUrl,
        values: content?.values ?? '',
        manifests: [],
        invalidReason: '',
      }
      edit((held) => putLayer(held, layer, replacing || undefined))
      go(`layer:${layer.name}`)
    } catch (error) {
      setFailure(toFailure(`${pack.spec.displayName} could not be added`, error))
    } finally {
      setFetching('')
    }
  }

  function addManifest(name: string) {
    const layer: DraftLayer = {
      ...{ name, displayName: name, layer: 'addon', type: 'manifest', packUid: '', registryUid: '' },
      ...{ tag: '', version: '', digest: '', logoUrl: '', values: '', invalidReason: '' },
      manifests: [{ name, content: '' }],
    }
    edit((held) => putLayer(held, layer))
    go(`layer:${name}`)
  }

  /** @returns the profile's uid, or null where it was refused: then the reason stands on the page */
  async function save(over: Base | null = base): Promise<Base | null> {
    setShowErrors(true)
    const wrong = await beside('identity', { name: current.current.name, version: current.current.version })
    if (wrong.name || wrong.version) {
      go('basics')
      return null
    }
    setFailure(null)
    const sent = current.current
    try {
      if (over) await update.mutateAsync({ uid: over.uid, body: toUpdate(sent, over) })
      const savedUid =
        over?.uid ?? (await create.mutateAsync({ body: toCreate(sent, from), publish: false })).uid
      forgetUnsaved(uid)
      const kept = withMasks(sent)
      setSaved(kept)
      edit((held) => (held === sent ? kept : held), 'saved')
      setRestoredAt(0)
      const next = toBase(await client.fetchQuery({ ...profileQuery(savedUid), staleTime: 0 }))
      setBase(next)
      if (!over) router.replace(`/profiles/${savedUid}/edit${location.search}`)
      return next
    } catch (error) {
      setFailure(await explain(error, over))
      return null
    }
  }

  async function saveAndPublish() {
    const next = isDirty || !base ? await save() : base
    if (!next) return
    try {
      await publish.mutateAsync(next.uid)
      router.push(`/profiles/${next.uid}`)
    } catch (error) {
      setFailure(toFailure('The profile could not be published', error))
    }
  }

  async function explain(error: unknown, over: Base | null): Promise<Failure> {
    const failed = toFailure('The draft could not be saved', error)
    if (!(error instanceof ApiError && error.status === 409) || !over) return failed
    const there = await client.fetchQuery({ ...profileQuery(over.uid), staleTime: 0 }).catch(() => null)
    if (there?.status.isPublished) return { ...failed, conflict: 'published' }
    if (there && there.spec.packyard.revision !== over.revision) return { ...failed, conflict: 'changed' }
    return failed
  }

  /** Somebody saved meanwhile, and this is to stand. */
  async function saveOver() {
    const there = base && (await client.fetchQuery({ ...profileQuery(base.uid), staleTime: 0 }))
    if (there) await save(toBase(there))
  }

  function keepAsNewVersion() {
    forgetUnsaved(uid)
    setBase(null)
    setFailure(null)
    edit((held) => ({ ...held, version: nextVersion([...siblings, held.version]) }))
    go('basics')
  }

  const places = placesOf(draft)
  const next = places[places.indexOf(place) + 1]
  const may = (permission: Session['permissions'][number]) => permissions.includes(permission)
  const mayNot = 'Your role does not allow this. Ask a tenant admin.'
  const canSave = may(base ? 'clusterProfile.update' : 'clusterProfile.create')
  const blocked =
    errors.length > 0
      ? `${errors.length === 1 ? 'One problem stands' : `${errors.length} problems stand`} in the way: ${errors[0] && sentenceOf(errors[0])}`
      : undefined
  const layer = place.startsWith('layer:')
    ? draft.layers.find((one) => `layer:${one.name}` === place)
    : undefined
  const names = draft.layers.map((one) => one.name)
  const taken = new Set(names)

  return (
    <>
      <PageHeader
        trail={[{ href: '/profiles', name: 'Cluster Profiles' }, { name: base ? 'Edit draft' : 'New' }]}
        title={draft.name.trim() || 'New cluster profile'}
        description={
          <span aria-live="polite" className="flex flex-wrap items-center gap-2">
            <Badge>Draft</Badge>
            {isDirty ? (
              'Unsaved changes'
            ) : base ? (
              <span className="inline-flex items-center gap-1.5">
                <Check aria-hidden className="size-4 text-good" />
                <span>
                  Saved <RelativeTime time={base.savedTime} />
                </span>
              </span>
            ) : draft.layers.length > 0 ? (
              'Not saved yet'
            ) : (
              'Nothing to save yet'
            )}
          </span>
        }
        actions={
          <>
            <Button
              look="quiet"
              size="icon"
              aria-label="Undo"
              aria-keyshortcuts="Control+Z"
              icon={<Undo2 aria-hidden />}
              disabledReason={canUndo ? undefined : 'There is nothing to undo.'}
              onClick={undo}
            />
            <Button
              look="quiet"
              size="icon"
              aria-label="Redo"
              aria-keyshortcuts="Control+Shift+Z Control+Y"
              icon={<Redo2 aria-hidden />}
              disabledReason={canRedo ? undefined : 'There is nothing to redo.'}
              onClick={redo}
            />
            <Button
              icon={<Save aria-hidden />}
              busy={isBusy && !publish.isPending}
              disabledReason={!canSave ? mayNot : base && !isDirty ? 'There is nothing to save.' : undefined}
              onClick={() => void save()}
            >
              Save draft
            </Button>
            <Button
              look="primary"
              icon={<CloudUpload aria-hidden />}
              busy={publish.isPending}
              disabledReason={!canSave || !may('clusterProfile.publish') ? mayNot : blocked}
              onClick={() => void saveAndPublish()}
            >
              Publish
            </Button>
          </>
        }
      />
      <div className="mb-5 flex flex-col gap-3 empty:hidden">
        {restoredAt > 0 ? (
          <Callout
            title="Your unsaved changes are here again"
            action={
              <Button size="small" onClick={discard}>
                Discard them
              </Button>
            }
          >
            They are from <RelativeTime time={new Date(restoredAt).toISOString()} />, and are kept in this tab
            until you save.
          </Callout>
        ) : null}
        {failure ? (
          <Callout
            tone="bad"
            title={failure.title}
            action={
              failure.conflict === 'published' ? (
                <div className="flex flex-wrap gap-2">
                  <Button size="small" onClick={() => router.push(`/profiles/${uid}`)}>
                    Open what was published
                  </Button>
                  <Button size="small" look="primary" onClick={keepAsNewVersion}>
                    Keep mine as a new version
                  </Button>
                </div>
              ) : failure.conflict === 'changed' ? (
                <div className="flex flex-wrap gap-2">
                  <Button
                    size="small"
                    onClick={() => {
                      forgetUnsaved(uid)
                      location.reload()
                    }}
                  >
                    Load theirs
                  </Button>
                  <Button size="small" look="danger" onClick={() => void saveOver()}>
                    Save mine over it
                  </Button>
                </div>
              ) : undefined
            }
          >
            {failure.message}
          </Callout>
        ) : null}
      </div>
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(280px,350px)_minmax(0,1fr)] lg:gap-8">
        <div className="flex flex-col gap-5 lg:sticky lg:top-19 lg:max-h-[calc(100dvh-5.5rem)] lg:overflow-y-auto lg:pb-2">
          <BuilderStack draft={draft} findings={findings} place={place} onGo={go} />
          <section aria-label="Checks" className="flex flex-col gap-2.5 pr-2.5">
            <Findings
              findings={findings}
              isChecked={isChecked}
              draft={draft}
              onGo={go}
              onFix={(fixes) => void mend(fixes)}
            />
            <Button
              size="small"
              className="self-start"
              aria-pressed={place === 'review'}
              icon={<ListChecks aria-hidden />}
              onClick={() => go('review')}
            >
              Review
            </Button>
          </section>
        </div>
        <section ref={panel} aria-label={titleOf(place, draft)} className="scroll-mt-16">
          <Panel
            title={<PlaceTitle place={place} draft={draft} />}
            description={replacing ? `Choose what takes the place of ${replacing}.` : undefined}
          >
            {place === 'basics' ? (
              <BasicsPanel
                draft={draft}
                errors={shownErrors}
                isStored={base !== null}
                onChange={(change) => edit((held) => ({ ...held, ...change }), Object.keys(change).join())}
              />
            ) : place === 'review' ? (
              <ReviewPanel
                draft={draft}
                findings={findings}
                isChecked={isChecked}
                onGo={go}
                onFix={(fixes) => void mend(fixes)}
              />
            ) : place === 'variables' ? (
              <VariablesPanel
                draft={draft}
                findings={findings.filter((one) => one.variable !== undefined)}
                goTo={spot}
                onGo={go}
                onChange={(variables, key) => edit((held) => ({ ...held, variables }), key)}
              />
            ) : place === 'add' ? (
              <AddPanel
                cloudType={draft.cloudType}
                taken={taken}
                busy={fetching}
                onChoose={(pack, registryUid) => void choose(pack, registryUid)}
                onManifest={addManifest}
              />
            ) : !layer || replacing ? (
              <PackPicker
                key={place}
                layers={[layer?.layer ?? (place.slice('place:'.length) as Layer)]}
                cloudType={draft.cloudType}
                taken={taken}
                current={layer?.name}
                busy={fetching}
                onChoose={(pack, registryUid) => void choose(pack, registryUid)}
              />
            ) : layer.type === 'manifest' ? (
              <ManifestPanel
                key={layer.name}
                layer={layer}
                canMove={canMove(draft, layer)}
                onChange={(change, key) => edit((held) => changeLayer(held, layer.name, change), key)}
                goTo={spot}
                findings={findings.filter((one) => one.pack === layer.name)}
                variables={draft.variables}
                onFix={(fixes) => void mend(fixes)}
                onRemove={() => remove(layer)}
                onMove={(by) => edit((held) => moveLayer(held, layer.name, by))}
              />
            ) : (
              <LayerPanel
                key={layer.name}
                layer={layer}
                packs={names}
                canMove={canMove(draft, layer)}
                onChange={(change, key) => edit((held) => changeLayer(held, layer.name, change), key)}
                goTo={spot}
                findings={findings.filter((one) => one.pack === layer.name)}
                variables={draft.variables}
                onFix={(fixes) => void mend(fixes)}
                onReplace={() => setReplacing(layer.name)}
                onRemove={() => remove(layer)}
                onMove={(by) => edit((held) => moveLayer(held, layer.name, by))}
              />
            )}
            <div className="mt-6 flex justify-end gap-2 border-t pt-4 empty:hidden">
              {replacing ? (
                <Button onClick={() => setReplacing('')}>Keep {layer?.displayName}</Button>
              ) : next ? (
                <Button onClick={() => go(next)}>
                  Next: {titleOf(next, draft)}
                  <ArrowRight aria-hidden />
                </Button>
              ) : null}
            </div>
          </Panel>
        </section>
      </div>
      <LeaveWarning
        active={isDirty && !isBusy}
        what={draft.name.trim() || 'the new profile'}
        onSave={async () => (await save()) !== null}
        onDiscard={() => {
          forgetUnsaved(uid)
          setSaved(draft)
        }}
      />
    </>
  )

  function remove(one: DraftLayer) {
    edit((held) => removeLayer(held, one.name))
    go(one.layer === 'addon' || draft.type === 'add-on' ? 'add' : `place:${one.layer}`)
  }
}

function toFailure(title: string, error: unknown): Failure {
  if (!(error instanceof Error)) throw error
  const message =
    error.name === 'TypeError'
      ? 'The console cannot be reached. Check the network, then try again.'
      : error.message
  return { title, message, fields: fieldErrors(error) }
}

function canMove(draft: Draft, layer: DraftLayer) {
  if (layer.layer !== 'addon') return { up: false, down: false }
  const addons = draft.layers.filter((one) => one.layer === 'addon')
  const at = addons.indexOf(layer)
  return { up: at < addons.length - 1, down: at > 0 }
}

function titleOf(place: Place, draft: Draft): string {
  if (place === 'basics') return 'Basic information'
  if (place === 'variables') return 'Variables'
  if (place === 'add') return 'Add an add-on'
  if (place === 'review') return 'Review'
  if (place.startsWith('place:')) return LAYER_LOOKS[place.slice('place:'.length) as Layer].name
  const name = place.slice('layer:'.length)
  return draft.layers.find((one) => one.name === name)?.displayName ?? name
}

function PlaceTitle({ place, draft }: { place: Place; draft: Draft }) {
  const layer = place.startsWith('place:')
    ? (place.slice('place:'.length) as Layer)
    : (draft.layers.find((one) => `layer:${one.name}` === place)?.layer ?? (place === 'add' ? 'addon' : null))
  return (
    <span className="flex items-center gap-2.5">
      {layer ? (
        <span aria-hidden className="h-4 w-5 rounded-[2px]" style={{ background: LAYER_LOOKS[layer].hue }} />
      ) : null}
      {place.startsWith('layer:') && layer ? LAYER_LOOKS[layer].name : titleOf(place, draft)}
    </span>
  )
}
