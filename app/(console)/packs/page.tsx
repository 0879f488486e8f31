import { PackList } from '@/components/packs/pack-list'
import { PageHeader } from '@/components/shell/page-header'

export const metadata = { title: 'Packs' }

export default function PacksPage() {
  return (
    <>
      <PageHeader title="Packs" description="Everything that your registries offer, kept in sync." />
      <PackList />
    </>
  )
}
