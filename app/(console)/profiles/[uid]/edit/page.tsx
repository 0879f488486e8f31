import { EditProfile } from '@/components/profiles/builder-page'
import { requireSession } from '@/lib/access/session'

export const metadata = { title: 'Edit cluster profile' }

export default async function EditProfilePage({ params }: { params: Promise<{ uid: string }> }) {
  const { permissions } = await requireSession()
  const { uid } = await params
  return <EditProfile key={uid} uid={uid} permissions={permissions} />
}
