import { History } from 'lucide-react'
import Link from 'next/link'

import { FeedButton } from '@/components/changes/feed-dialog'
import { PackList } from '@/components/packs/pack-list'
import { PageHeader } from '@/components/shell/page-header'
import { Button } from '@/components/ui/button'

export const metadata = { title: 'Packs' }

export default function PacksPage() {
  return (
    <>
      <PageHeader
        title="Packs"
        description="Everything that your registries offer, kept in sync."
        actions={
          <>
            <Button asChild>
              <Link href="/changes">
                <History aria-hidden />
                What changed
              </Link>
            </Button>
            <FeedButton />
          </>
        }
      />
      <PackList />
    </>
  )
}
