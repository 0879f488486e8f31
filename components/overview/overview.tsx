'use client'

import { useQuery } from '@tanstack/react-query'

import { registriesQuery } from '@/components/registries/queries'
import { AgingSection } from './aging-section'
import { CatalogNumbers } from './catalog-numbers'
import { FirstSteps } from './first-steps'
import { catalogCountsQuery, recentProfilesQuery } from './queries'
import { RecentChanges } from './recent-changes'
import { RecentProfiles } from './recent-profiles'
import { RegistriesAtAGlance } from './registries-at-a-glance'

/** What a person who comes in the morning wants to know: does something need me, what is there, where was I. */
export function Overview() {
  const registries = useQuery(registriesQuery())
  const catalog = useQuery(catalogCountsQuery())
  const profiles = useQuery(recentProfilesQuery())
  return (
    <div className="flex flex-col gap-8">
      {registries.data && catalog.data && profiles.data ? (
        <FirstSteps
          registries={registries.data}
          packs={catalog.data.total}
          profiles={profiles.data.listmeta.count}
        />
      ) : null}
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-8">
          <RegistriesAtAGlance registries={registries} />
          <AgingSection />
          <RecentChanges />
          <RecentProfiles profiles={profiles} />
        </div>
        <CatalogNumbers catalog={catalog} />
      </div>
    </div>
  )
}
