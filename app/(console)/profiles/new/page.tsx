import { NewProfile } from '@/components/profiles/builder-page'
import { requireSession } from '@/lib/access/session'

export const metadata = { title: 'New cluster profile' }

export default async function NewProfilePage({
  searchParams,
}: {
  searchParams: Promise<{ from?: string | string[] }>
}) {
  const { permissions } = await requireSession()
  const { from } = await searchParams
  return <NewProfile from={typeof from === 'string' ? from : ''} permissions={permissions} />
}
