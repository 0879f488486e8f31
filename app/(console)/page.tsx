import { Overview } from '@/components/overview/overview'
import { PageHeader } from '@/components/shell/page-header'

export const metadata = { title: 'Overview' }

export default function OverviewPage() {
  return (
    <>
      <PageHeader title="Overview" />
      <Overview />
    </>
  )
}
