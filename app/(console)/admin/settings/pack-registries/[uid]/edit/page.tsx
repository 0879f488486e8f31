import { EditRegistry } from '@/components/registries/edit-registry'

export const metadata = { title: 'Edit pack registry' }

export default async function EditPackRegistryPage({ params }: { params: Promise<{ uid: string }> }) {
  return <EditRegistry uid={(await params).uid} />
}
