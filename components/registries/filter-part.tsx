'use client'

import { useMutation } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { useState } from 'react'

import { api } from '@/components/api'
import { LAYER_LOOKS, STACK_ORDER } from '@/components/packs/layers'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { SearchField, TextAreaField, TextField } from '@/components/ui/field'
import { count, formatNumber } from '@/components/ui/numbers'
import type { Answer, Request } from '@/lib/client/call'
import type { Layer } from '@/lib/pack-format/manifest'
import type { FieldName } from './form-schema'

type Preview = Answer<'previewFilter'>

const RULE_WORDS: Record<NonNullable<Preview['items'][number]['leftOutBy']>, string> = {
  name: 'name not taken',
  versions: 'out of the range',
  newest: 'not among the newest',
  layer: 'layer not taken',
  addonType: 'type not taken',
}
const SHOWN = 30

/** Which packs of the registry are taken, with a preview of what that would be. */
export function FilterPart({
  layers,
  onLayers,
  at,
  ask,
}: {
  layers: readonly Layer[]
  onLayers: (layers: Layer[]) => void
  at: (name: FieldName) => object
  /** What the preview is of, once the fields are sound; null where they are not, which they then say themselves. */
  ask: () => Promise<Request<'previewFilter'>['body'] | null>
}) {
  const preview = useMutation({
    mutationFn: async () => {
      const body = await ask()
      return body ? api('previewFilter', { body }) : null
    },
  })
  return (
    <div className="flex flex-col gap-4">
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextAreaField
          label="Only these packs"
          mono
          optional
          rows={3}
          spellCheck={false}
          placeholder={'cni-*\nkubernetes'}
          hint="Names, one a line. * stands for any characters, ? for one. Empty: all."
          {...at('filterInclude')}
        />
        <TextAreaField
          label="But not these"
          mono
          optional
          rows={3}
          spellCheck={false}
          placeholder="*-dev"
          hint="Of those, left out."
          {...at('filterExclude')}
        />
        <TextField
          label="Versions"
          mono
          optional
          spellCheck={false}
          placeholder=">=1.30 <2"
          hint="A range, a track such as 1.33.x, or several with || between them."
          {...at('filterVersions')}
        />
        <TextField
          label="Newest of each pack"
          optional
          inputMode="numeric"
          placeholder="All"
          hint="So many versions, counted from the newest."
          {...at('filterNewest')}
        />
      </div>
      <fieldset className="flex flex-col gap-1.5">
        <legend className="pb-1.5 font-medium">Layers</legend>
        <div className="flex flex-wrap gap-x-5 gap-y-1.5">
          {STACK_ORDER.map((layer) => (
            <label key={layer} className="inline-flex min-h-7 cursor-pointer items-center gap-2">
              <input
                type="checkbox"
                checked={layers.includes(layer)}
                onChange={(event) =>
                  onLayers(event.target.checked ? [...layers, layer] : layers.filter((one) => one !== layer))
                }
                className="size-3.5 accent-accent"
              />
              <span
                aria-hidden
                className="h-2.5 w-3.5 rounded-[2px]"
                style={{ background: LAYER_LOOKS[layer].hue }}
              />
              {LAYER_LOOKS[layer].name}
            </label>
          ))}
        </div>
        <p className="text-ink-faint text-xs">None chosen: all.</p>
      </fieldset>
      <TextField
        label="Add-on types"
        optional
        placeholder="monitoring, ingress"
        hint="With commas between them. Asked of add-ons only."
        {...at('filterTypes')}
      />
      <div className="flex flex-col gap-3">
        <Button className="self-start" busy={preview.isPending} onClick={() => preview.mutate()}>
          Preview
        </Button>
        <div aria-live="polite" className="empty:hidden">
          {preview.isError ? (
            <Callout tone="bad" title="No preview">
              {preview.error.message}
            </Callout>
          ) : preview.data ? (
            <PreviewList preview={preview.data} />
          ) : null}
        </div>
      </div>
    </div>
  )
}

function PreviewList({ preview }: { preview: Preview }) {
  const [text, setText] = useState('')
  const fitting = preview.items.filter(({ name, version }) =>
    `${name} ${version}`.toLowerCase().includes(text.trim().toLowerCase()),
  )
  const more = preview.total - preview.items.length
  return (
    <div className="flex flex-col gap-3">
      <p>
        <strong className="font-semibold">
          {formatNumber(preview.taken)} of {count(preview.total, 'version')}
        </strong>{' '}
        would be taken, of {formatNumber(preview.takenPacks)} of {count(preview.packs, 'pack')}.
        {preview.goes > 0
          ? ` ${count(preview.goes, 'version')} of the catalog would be left out from then on; profiles keep what they hold.`
          : ''}
        {preview.unread > 0
          ? ` Layer and type of ${formatNumber(preview.unread)} are known once they were read: some of them may be left out then.`
          : ''}
      </p>
      {preview.items.length > 0 ? (
        <>
          <SearchField
            icon={<Search aria-hidden />}
            label="Search the preview"
            placeholder="Search the preview"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <ul className="rounded-lg border bg-surface" aria-label="Versions of the preview">
            {fitting.slice(0, SHOWN).map(({ name, version, leftOutBy }) => (
              <li
                key={`${name} ${version}`}
                className="flex items-baseline gap-3 border-t px-3 py-1.5 first:border-t-0"
              >
                <span className={leftOutBy ? 'mono text-ink-faint text-xs line-through' : 'mono text-xs'}>
                  {name} {version}
                </span>
                <span className="ml-auto whitespace-nowrap text-ink-soft text-xs">
                  {leftOutBy ? `Left out: ${RULE_WORDS[leftOutBy]}` : 'Taken'}
                </span>
              </li>
            ))}
          </ul>
          {fitting.length > SHOWN || more > 0 ? (
            <p className="text-ink-faint text-xs">
              {fitting.length > SHOWN ? `The first ${SHOWN} are shown. ` : ''}
              {more > 0 ? `${formatNumber(more)} more are counted and not listed.` : ''}
            </p>
          ) : null}
        </>
      ) : null}
    </div>
  )
}
