import { ProfileView } from '@/components/profiles/profile-view'
import { requireSession } from '@/lib/access/session'

export const metadata = { title: 'Cluster profile' }

export default async function ProfilePage({ params }: { params: Promise<{ uid: string }> }) {
  const { permissions } = await requireSession()
  const { uid } = await params
  return <ProfileView key={uid} uid={uid} permissions={permissions} />
}
