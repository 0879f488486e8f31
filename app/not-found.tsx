import Link from 'next/link'

import { ALL_LAYERS, StackMark } from '@/components/profiles/stack-mark'
import { Button } from '@/components/ui/button'
import { Empty } from '@/components/ui/list-states'

export const metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <main className="grid min-h-[70dvh] place-items-center">
      <Empty
        heading="h1"
        picture={<StackMark layers={ALL_LAYERS.slice(0, 2)} width={64} slab={10} />}
        title="There is nothing at this address"
        action={
          <Button asChild>
            <Link href="/">Go to the overview</Link>
          </Button>
        }
      >
        It may have been deleted, or the address has a slip in it.
      </Empty>
    </main>
  )
}
