'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Rss } from 'lucide-react'
import { type FormEvent, useState } from 'react'

import { api, fieldErrors } from '@/components/api'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { SelectField, TextField } from '@/components/ui/field'
import { LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { CopyBlock } from '@/components/ui/mono'
import { RelativeTime } from '@/components/ui/time'
import { pathOf } from '@/lib/client/call'

const KEYS = ['feed-tokens']
const FORMATS = { readAtomFeed: 'Atom, for most feed readers', readJsonFeed: 'JSON Feed' } as const
type Format = keyof typeof FORMATS

/** What a feed is about: all of the catalog, one registry, or one pack. */
interface About {
  registryUid?: string
  name?: string
}

const queryOf = ({ registryUid, name }: About) =>
  new URLSearchParams({ ...(registryUid && { registryUid }), ...(name && { name }) })

/** Opens the way to follow changes in a feed reader. Programs that look for a feed find it in the page's head. */
export function FeedButton({ size, ...about }: About & { size?: 'small' }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <link
        rel="alternate"
        type="application/atom+xml"
        title="New versions"
        href={`${pathOf('readAtomFeed')}?${queryOf(about)}`}
      />
      <link
        rel="alternate"
        type="application/feed+json"
        title="New versions"
        href={`${pathOf('readJsonFeed')}?${queryOf(about)}`}
      />
      <Button size={size} icon={<Rss aria-hidden />} onClick={() => setOpen(true)}>
        Feed
      </Button>
      {isOpen ? <FeedDialog {...about} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

function FeedDialog({ registryUid, name, onClose }: About & { onClose: () => void }) {
  const client = useQueryClient()
  const [kind, setKind] = useState('')
  const [format, setFormat] = useState<Format>('readAtomFeed')
  const [reader, setReader] = useState('Feed reader')
  const make = useMutation({
    gcTime: 0,
    mutationFn: () => api('createFeedToken', { body: { name: reader } }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEYS }),
  })
  const fields = fieldErrors(make.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate()
  }
  const query = queryOf({ registryUid, name })
  if (kind) query.set('kind', kind)
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={name ? `Follow ${name}` : registryUid ? 'Follow this registry' : 'Follow the catalog'}
      description="A feed reader, a chat or a script gets what changed, newest first. Each has an address of its own."
    >
      <div className="flex flex-col gap-5">
        {make.data ? (
          <div className="flex flex-col gap-3">
            <Callout tone="warn" title="Copy it now">
              It is shown this once. Whoever has it reads this and other feeds of what you see, and nothing
              else.
            </Callout>
            <CopyBlock
              label="Copy the address"
              text={`${location.origin}${pathOf(format)}?${new URLSearchParams([['token', make.data.token], ...query])}`}
            />
          </div>
        ) : (
          <form noValidate onSubmit={submit} className="grid items-start gap-4 sm:grid-cols-2">
            <SelectField label="What" value={kind} onChange={(event) => setKind(event.target.value)}>
              <option value="">New versions</option>
              <option value="all">All changes</option>
            </SelectField>
            <SelectField
              label="Format"
              value={format}
              onChange={(event) => setFormat(event.target.value as Format)}
            >
              {Object.entries(FORMATS).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </SelectField>
            <TextField
              label="Name"
              hint="What reads it, so that you know which one to revoke."
              autoComplete="off"
              maxLength={63}
              value={reader}
              error={fields.name}
              onChange={(event) => setReader(event.target.value)}
            />
            <div className="sm:pt-6.5">
              <Button type="submit" look="primary" busy={make.isPending}>
                Make feed address
              </Button>
            </div>
            {make.error && Object.keys(fields).length === 0 ? (
              <Callout tone="bad" title="The address was not made" className="sm:col-span-2">
                {make.error.message}
              </Callout>
            ) : null}
          </form>
        )}
        <FeedAddresses />
      </div>
    </Dialog>
  )
}

/** The addresses that a person has made: when each was last read, and the way to end it. */
function FeedAddresses() {
  const client = useQueryClient()
  const tokens = useQuery({
    queryKey: KEYS,
    queryFn: async ({ signal }) => (await api('listFeedTokens', {}, signal)).items,
  })
  const revoke = useMutation({
    mutationFn: (uid: string) => api('deleteFeedToken', { params: { uid } }),
    onSettled: () => client.invalidateQueries({ queryKey: KEYS }),
  })
  if (tokens.isPending) return <SkeletonRows label="Loading feed addresses" rows={1} height="h-8" />
  if (tokens.isError)
    return <LoadFailed what="Your feed addresses" error={tokens.error} retry={() => void tokens.refetch()} />
  if (tokens.data.length === 0) return null
  return (
    <section aria-label="Your feed addresses" className="flex flex-col gap-1.5">
      <h3 className="font-medium">Your feed addresses</h3>
      {revoke.isError ? (
        <Callout tone="bad" title="The address was not revoked">
          {revoke.error.message}
        </Callout>
      ) : null}
      <ul className="divide-y divide-line border-y">
        {tokens.data.map(({ uid, name, lastUsedTime }) => (
          <li key={uid} className="flex items-center gap-3 py-1.5">
            <span className="min-w-0 flex-1 truncate">{name}</span>
            <span className="text-ink-faint text-xs">
              {lastUsedTime ? (
                <>
                  Read <RelativeTime time={lastUsedTime} />
                </>
              ) : (
                'Never read'
              )}
            </span>
            <Button
              size="small"
              look="danger"
              aria-label={`Revoke ${name}`}
              busy={revoke.isPending && revoke.variables === uid}
              onClick={() => revoke.mutate(uid)}
            >
              Revoke
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
