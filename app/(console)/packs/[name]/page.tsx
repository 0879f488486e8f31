import { PackPage } from '@/components/packs/pack-page'

interface Props {
  params: Promise<{ name: string }>
}

export async function generateMetadata({ params }: Props) {
  return { title: decodeURIComponent((await params).name) }
}

export default async function Page({ params }: Props) {
  return <PackPage name={decodeURIComponent((await params).name)} />
}
