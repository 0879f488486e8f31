'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'

import { PageHeader } from '@/components/shell/page-header'
import { useAddress } from '@/components/shell/use-address'
import { Button } from '@/components/ui/button'
import { Empty, LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { count } from '@/components/ui/numbers'
import { asName } from './href'
import { type WhyOfRegistry, whyQuery } from './queries'
import { WhyForm } from './why-form'
import { WhyRow } from './why-row'

/** Asks every registry why a pack, or one version of it, is in the catalog or is not. The question is in the address. */
export function NotHerePage() {
  const { query, set } = useAddress()
  const asked = { name: query.get('name') ?? '', version: query.get('version') ?? '' }
  const why = useQuery(whyQuery(asked.name, asked.version))
  return (
    <>
      <PageHeader
        trail={[{ href: '/packs', name: 'Packs' }]}
        title="Why is it not here?"
        description="Each registry says what it knows of a pack, or of one version: whether it lists it, and what became of it."
      />
      <div className="flex flex-col gap-6">
        <WhyForm
          // Another question in the address is another form.
          key={`${asked.name} ${asked.version}`}
          asked={asked}
          versionIsOptional
          busy={why.isFetching}
          onAsk={(next) => {
            if (next.name === asked.name && next.version === asked.version) void why.refetch()
            else set({ name: next.name, version: next.version })
          }}
        />
        {asked.name === '' ? (
          <p className="text-ink-soft">
            Packs are asked for by their name, such as <span className="mono">cert-manager</span>: lower case,
            without spaces. Without a version, all of them are looked at.
          </p>
        ) : why.isPending ? (
          <SkeletonRows label="Loading answers" rows={4} height="h-16" />
        ) : why.isError ? (
          <LoadFailed what="The answers" error={why.error} retry={() => void why.refetch()} />
        ) : why.data.registries.length === 0 ? (
          <Empty
            title="There is no registry yet"
            action={
              <Button look="primary" asChild>
                <Link href="/admin/settings/pack-registries/new">Add New Pack Registry</Link>
              </Button>
            }
          >
            Packs come from registries. Add the one that has it.
          </Empty>
        ) : (
          <Answers asked={asked} registries={why.data.registries} isMore={why.data.isMore} />
        )}
      </div>
    </>
  )
}

function Answers({
  asked: { name, version },
  registries,
  isMore,
}: {
  asked: { name: string; version: string }
  registries: WhyOfRegistry[]
  isMore: boolean
}) {
  const here = registries.filter((one) => one.isHere).length
  const lowered = asName(name)
  return (
    <section aria-label="Answers" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1" aria-live="polite">
        <h2 className="min-w-0 text-lg [overflow-wrap:anywhere]">
          <bdi className="mono">
            {name}
            {version ? ` ${version}` : ''}
          </bdi>{' '}
          {here === 0
            ? registries.length === 1
              ? 'is not in the one registry'
              : `is in none of ${count(registries.length, 'registry', 'registries')}`
            : `is in ${here} of ${count(registries.length, 'registry', 'registries')}`}
        </h2>
        {here > 0 ? (
          <Link
            href={`/packs/${encodeURIComponent(name)}`}
            className="text-accent underline-offset-3 hover:underline"
          >
            Open the pack
          </Link>
        ) : null}
      </div>
      {lowered !== name ? (
        <p className="text-ink-soft">
          This can be no pack’s name: names are lower case, without spaces.{' '}
          {lowered ? (
            <Link
              href={`/not-here?name=${lowered}`}
              className="text-accent underline-offset-3 hover:underline"
            >
              Ask for {lowered}
            </Link>
          ) : null}
        </p>
      ) : null}
      <ul aria-label="Registries" className="divide-y rounded-lg border bg-surface">
        {registries.map((one) => (
          <WhyRow key={one.uid} answer={one} name={name} />
        ))}
      </ul>
      {isMore ? (
        <p className="text-ink-faint text-xs">
          Only the first {count(registries.length, 'registry', 'registries')} are shown: those that know
          something of it, then others by name.
        </p>
      ) : null}
    </section>
  )
}
