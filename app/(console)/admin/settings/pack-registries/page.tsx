import { AddRegistryButton, RegistryList } from '@/components/registries/registry-list'
import { PageHeader } from '@/components/shell/page-header'

export const metadata = { title: 'Pack Registries' }

export default function PackRegistriesPage() {
  return (
    <>
      <PageHeader
        title="Pack Registries"
        description="Where the catalog's packs come from. Each is synced by itself, as often as you say."
        trail={[{ name: 'Admin' }, { name: 'Settings' }]}
        actions={<AddRegistryButton />}
      />
      <RegistryList />
    </>
  )
}
