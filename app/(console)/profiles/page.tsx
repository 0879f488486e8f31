import { ProfileList } from '@/components/profiles/profile-list'
import { requireSession } from '@/lib/access/session'

export const metadata = { title: 'Cluster Profiles' }

export default async function ProfilesPage() {
  const { permissions } = await requireSession()
  return <ProfileList permissions={permissions} />
}
