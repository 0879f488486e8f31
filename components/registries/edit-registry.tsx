'use client'

import { useQuery } from '@tanstack/react-query'

import { PageHeader } from '@/components/shell/page-header'
import { LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { registryQuery } from './queries'
import { RegistryForm } from './registry-form'

/** The form with what is stored. It does not follow later changes: a person is typing in it. */
export function EditRegistry({ uid }: { uid: string }) {
  const registry = useQuery({ ...registryQuery(uid), refetchInterval: false, staleTime: 0 })
  return (
    <>
      <PageHeader
        title={registry.data ? `Edit ${registry.data.metadata.name}` : 'Edit pack registry'}
        description="What changes how it is reached is tested before it is saved."
        trail={[
          { name: 'Admin' },
          { name: 'Settings' },
          { name: 'Pack Registries', href: '/admin/settings/pack-registries' },
          ...(registry.data
            ? [{ name: registry.data.metadata.name, href: `/admin/settings/pack-registries/${uid}` }]
            : []),
        ]}
      />
      {registry.isPending ? (
        <SkeletonRows label="Loading the registry" rows={6} height="h-14" />
      ) : registry.isError ? (
        <LoadFailed what="The registry" error={registry.error} retry={() => void registry.refetch()} />
      ) : (
        <RegistryForm registry={registry.data} />
      )}
    </>
  )
}
