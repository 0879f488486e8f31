import Link from 'next/link'

import { ALL_LAYERS, StackMark } from '@/components/profiles/stack-mark'

export const Brand = () => (
  <Link href="/" className="flex h-9 items-center gap-2.5 rounded px-2 font-semibold text-lg tracking-tight">
    <StackMark layers={ALL_LAYERS} width={20} slab={3.4} />
    Packyard
  </Link>
)

export const TenantName = ({ name }: { name: string }) => (
  <p className="mt-auto truncate px-2.5 text-ink-faint text-xs" title={`Tenant: ${name}`}>
    Tenant: {name}
  </p>
)
