'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { Layers, Package, Plus, RefreshCw } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Dialog } from 'radix-ui'
import { type ReactNode, useDeferredValue, useState } from 'react'

import { api } from '@/components/api'
import { toast, toastError } from '@/components/ui/toast'
import { PLACES } from './places'

const SHOWN = 6

export default function PaletteDialog({ open, onOpen }: { open: boolean; onOpen: (open: boolean) => void }) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpen}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-ink/35 dark:bg-black/60" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12dvh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-lg border border-line-strong bg-surface"
        >
          <Dialog.Title className="sr-only">Command palette</Dialog.Title>
          <Palette close={() => onOpen(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Palette({ close }: { close: () => void }) {
  const router = useRouter()
  const client = useQueryClient()
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim())
  const packs = useQuery({
    queryKey: ['palette', 'packs', wanted],
    enabled: wanted.length > 1,
    queryFn: ({ signal }) =>
      api(
        'searchPacks',
        { query: { limit: SHOWN }, body: { filter: { packyard: { text: wanted } } } },
        signal,
      ),
    placeholderData: (held) => held,
  })
  const registries = useQuery({
    queryKey: ['palette', 'registries'],
    queryFn: ({ signal }) => api('listRegistryNames', {}, signal),
  })
  const sync = useMutation({
    mutationFn: ({ uid }: { uid: string; name: string }) => api('syncRegistry', { params: { uid } }),
    onSuccess: (_, { name }) => {
      toast(`${name} syncs now`)
      void client.invalidateQueries({ queryKey: ['registries'] })
    },
    onError: (error) => toastError(error.message),
  })
  const go = (href: string) => {
    close()
    router.push(href)
  }
  return (
    <Command label="Command palette" loop>
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder="Find a pack, go somewhere, sync a registry"
        className="h-12 w-full border-b bg-transparent px-4 outline-none placeholder:text-ink-faint"
      />
      <Command.List className="max-h-[52dvh] overflow-y-auto p-2">
        <Command.Empty className="px-3 py-6 text-center text-ink-soft">Nothing fits “{text}”.</Command.Empty>
        {wanted.length > 1 && packs.data?.items.length ? (
          <Group heading="Packs">
            {packs.data.items.map(({ spec }) => (
              <Item
                key={spec.name}
                value={`pack ${spec.name} ${spec.displayName} ${wanted}`}
                icon={<Package aria-hidden />}
                onSelect={() => go(`/packs/${encodeURIComponent(spec.name)}`)}
                aside={spec.registries[0]?.latestVersion}
              >
                {spec.displayName}
              </Item>
            ))}
          </Group>
        ) : null}
        <Group heading="Go to">
          {PLACES.flatMap(({ places }) => places).map(({ href, name, icon: Icon }) => (
            <Item key={href} value={`go to ${name}`} icon={<Icon aria-hidden />} onSelect={() => go(href)}>
              {name}
            </Item>
          ))}
        </Group>
        <Group heading="Do">
          <Item
            value="add new pack registry"
            icon={<Plus aria-hidden />}
            onSelect={() => go('/admin/settings/pack-registries/new')}
          >
            Add New Pack Registry
          </Item>
          <Item
            value="add cluster profile"
            icon={<Layers aria-hidden />}
            onSelect={() => go('/profiles/new')}
          >
            Add cluster profile
          </Item>
          {registries.data?.items.map(({ uid, name }) => (
            <Item
              key={uid}
              value={`sync ${name}`}
              icon={<RefreshCw aria-hidden />}
              onSelect={() => {
                close()
                sync.mutate({ uid, name })
              }}
            >
              Sync {name}
            </Item>
          ))}
        </Group>
      </Command.List>
    </Command>
  )
}

const Group = ({ heading, children }: { heading: string; children: ReactNode }) => (
  <Command.Group
    heading={heading}
    className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-ink-faint [&_[cmdk-group-heading]]:text-xs"
  >
    {children}
  </Command.Group>
)

function Item({
  value,
  icon,
  aside,
  onSelect,
  children,
}: {
  value: string
  icon: ReactNode
  aside?: string
  onSelect: () => void
  children: ReactNode
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center gap-2.5 rounded-sm px-2 data-[selected=true]:bg-accent-soft [&_svg]:size-4 [&_svg]:text-ink-faint"
    >
      {icon}
      <span className="flex-1 truncate">{children}</span>
      {aside ? <span className="mono text-ink-faint text-xs">{aside}</span> : null}
    </Command.Item>
  )
}
