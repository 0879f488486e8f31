import { ComparePage } from '@/components/packs/compare-page'

interface Props {
  params: Promise<{ name: string }>
}

export async function generateMetadata({ params }: Props) {
  return { title: `Compare versions of ${decodeURIComponent((await params).name)}` }
}

export default async function Page({ params }: Props) {
  return <ComparePage name={decodeURIComponent((await params).name)} />
}
