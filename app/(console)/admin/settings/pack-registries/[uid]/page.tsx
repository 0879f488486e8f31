import { RegistryPage } from '@/components/registries/registry-page'

export const metadata = { title: 'Pack registry' }

export default async function PackRegistryPage({ params }: { params: Promise<{ uid: string }> }) {
  return <RegistryPage uid={(await params).uid} />
}
