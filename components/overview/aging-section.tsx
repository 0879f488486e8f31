'use client'

import { useQuery } from '@tanstack/react-query'

import { AgingPackList, agingPacksQuery } from '@/components/profiles/aging-packs'
import { Section } from './section'

const SHOWN = 5

/** Packs of cluster profiles that are going out of life; nothing where all are well. */
export function AgingSection() {
  const { data } = useQuery(agingPacksQuery())
  if (!data || data.items.length === 0) return null
  const more = data.items.length - SHOWN
  return (
    <Section
      title="Packs in profiles going out of life"
      all={{ href: '/profiles', name: 'All cluster profiles' }}
    >
      <AgingPackList items={data.items.slice(0, SHOWN)} withProfiles flush />
      {more > 0 ? <p className="pb-2.5 text-ink-faint text-xs">And {more} more.</p> : null}
    </Section>
  )
}
