import {
  History,
  KeyRound,
  Layers,
  LayoutDashboard,
  type LucideIcon,
  Package,
  Warehouse,
  Webhook,
} from 'lucide-react'

export interface Place {
  href: string
  name: string
  icon: LucideIcon
}

/** Where one can go: the navigation and the command palette read this one. */
export const PLACES: { heading: string; places: Place[] }[] = [
  {
    heading: '',
    places: [
      { href: '/', name: 'Overview', icon: LayoutDashboard },
      { href: '/packs', name: 'Packs', icon: Package },
      { href: '/changes', name: 'What Changed', icon: History },
      { href: '/profiles', name: 'Cluster Profiles', icon: Layers },
    ],
  },
  {
    heading: 'Admin → Settings',
    places: [
      { href: '/admin/settings/pack-registries', name: 'Pack Registries', icon: Warehouse },
      { href: '/admin/settings/webhooks', name: 'Webhooks', icon: Webhook },
      { href: '/admin/settings/api-keys', name: 'API Keys', icon: KeyRound },
    ],
  },
]

/** Whether a place holds the page that is open. */
export const holds = (href: string, path: string): boolean =>
  href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`)
