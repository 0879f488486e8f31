import { RegistryForm } from '@/components/registries/registry-form'
import { PageHeader } from '@/components/shell/page-header'

export const metadata = { title: 'Add New Pack Registry' }

export default function NewPackRegistryPage() {
  return (
    <>
      <PageHeader
        title="Add New Pack Registry"
        description="The connection is tested before anything is saved."
        trail={[
          { name: 'Admin' },
          { name: 'Settings' },
          { name: 'Pack Registries', href: '/admin/settings/pack-registries' },
        ]}
      />
      <RegistryForm />
    </>
  )
}
