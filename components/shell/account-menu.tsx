'use client'

import { CircleUser, KeyRound, LogOut } from 'lucide-react'
import { useRouter } from 'next/navigation'

import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuLabel, MenuLine } from '@/components/ui/menu'
import type { Session } from '@/lib/access/schema'

const signOut = async () => (await import('next-auth/react')).signOut({ callbackUrl: '/login' })

export function AccountMenu({ session }: { session: Session }) {
  const router = useRouter()
  return (
    <Menu
      trigger={
        <Button look="quiet" size="icon" aria-label="Account">
          <CircleUser aria-hidden />
        </Button>
      }
    >
      <MenuLabel>
        <span className="block font-medium text-ink text-sm">{session.user.name}</span>
        {session.user.email}
      </MenuLabel>
      <MenuLine />
      <MenuItem icon={<KeyRound aria-hidden />} onSelect={() => router.push('/admin/settings/api-keys')}>
        API Keys
      </MenuItem>
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
