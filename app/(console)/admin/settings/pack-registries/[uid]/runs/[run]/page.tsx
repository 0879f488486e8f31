import { RunPage } from '@/components/registries/run-page'

export const metadata = { title: 'Sync run' }

export default async function SyncRunPage({ params }: { params: Promise<{ uid: string; run: string }> }) {
  const { uid, run } = await params
  return <RunPage uid={uid} runUid={run} />
}
