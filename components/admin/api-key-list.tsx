'use client'

import { useQuery } from '@tanstack/react-query'
import {
  CircleCheck,
  CircleSlash,
  Clock,
  EllipsisVertical,
  KeyRound,
  Plus,
  Power,
  Trash2,
} from 'lucide-react'
import { useState } from 'react'

import { PageHeader } from '@/components/shell/page-header'
import { useDenied } from '@/components/shell/session'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { Empty, LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { Menu, MenuItem, MenuLine } from '@/components/ui/menu'
import { Table, Td, Th } from '@/components/ui/table'
import { RelativeTime } from '@/components/ui/time'
import { CreateApiKey } from './create-api-key'
import { type ApiKey, apiKeysQuery, useDeleteApiKey, useSetApiKeyState } from './queries'

/** Keys for programs: which there are, whose, and when they were last used. */
export function ApiKeyList() {
  const apiKeys = useQuery(apiKeysQuery())
  const denied = useDenied('apiKey.create')
  const [creating, setCreating] = useState(false)
  const create = (
    <Button
      look="primary"
      icon={<Plus aria-hidden />}
      disabledReason={denied}
      onClick={() => setCreating(true)}
    >
      Create API key
    </Button>
  )
  return (
    <>
      <PageHeader
        title="API Keys"
        description="For programs that use the console’s API. A key may do what its owner may."
        trail={[{ name: 'Admin' }, { name: 'Settings' }]}
        actions={create}
      />
      {apiKeys.isPending ? (
        <div className="rounded-lg border bg-surface">
          <SkeletonRows label="Loading API keys" rows={4} height="h-9" />
        </div>
      ) : apiKeys.isError && !apiKeys.data ? (
        <LoadFailed what="The API keys" error={apiKeys.error} retry={() => void apiKeys.refetch()} />
      ) : apiKeys.data?.length ? (
        <div className="overflow-hidden rounded-lg border bg-surface">
          <Table label="API keys">
            <thead>
              <tr>
                <Th>Name</Th>
                <Th>Key</Th>
                <Th>Owner</Th>
                <Th>State</Th>
                <Th>Last used</Th>
                <Th>Expires</Th>
                <Th>
                  <span className="sr-only">Actions</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {apiKeys.data.map((key) => (
                <KeyRow key={key.metadata.uid} apiKey={key} />
              ))}
            </tbody>
          </Table>
        </div>
      ) : (
        <Empty
          picture={<KeyRound aria-hidden className="size-8 text-ink-faint" strokeWidth={1.5} />}
          title="No API keys yet"
          action={create}
        >
          A key lets a program in without a password: a pipeline, Terraform, the packyard command line. It is
          shown once, when it is made.
        </Empty>
      )}
      {creating ? <CreateApiKey onClose={() => setCreating(false)} /> : null}
    </>
  )
}

const isOver = ({ spec }: ApiKey) => !spec.expiry.startsWith('0001-') && Date.parse(spec.expiry) <= Date.now()

function KeyState({ apiKey }: { apiKey: ApiKey }) {
  if (isOver(apiKey))
    return (
      <Badge tone="warn" icon={<Clock aria-hidden />}>
        Expired
      </Badge>
    )
  return apiKey.status.isActive ? (
    <Badge tone="good" icon={<CircleCheck aria-hidden />}>
      Active
    </Badge>
  ) : (
    <Badge icon={<CircleSlash aria-hidden />}>Not active</Badge>
  )
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const { uid, name } = apiKey.metadata
  const { isActive, packyard } = apiKey.status
  const state = useSetApiKeyState(uid)
  const mayChange = useDenied('apiKey.update')
  const mayDelete = useDenied('apiKey.delete')
  const [deleting, setDeleting] = useState(false)
  return (
    <tr>
      <Td className="font-medium">
        {name}
        {state.error ? (
          <p role="alert" className="font-normal text-bad text-xs">
            {state.error.message}
          </p>
        ) : null}
      </Td>
      <Td className="mono text-ink-soft text-xs">{apiKey.spec.key}</Td>
      <Td className="whitespace-nowrap text-ink-soft">{apiKey.spec.user.firstName}</Td>
      <Td>
        <KeyState apiKey={apiKey} />
      </Td>
      <Td className="whitespace-nowrap text-ink-soft">
        <RelativeTime time={packyard.lastUsedTime} />
      </Td>
      <Td className="whitespace-nowrap text-ink-soft">
        <RelativeTime time={apiKey.spec.expiry} />
      </Td>
      <Td className="w-12 text-right">
        <Menu
          trigger={
            <Button look="quiet" size="small-icon" aria-label={`Actions for ${name}`}>
              <EllipsisVertical aria-hidden />
            </Button>
          }
        >
          <MenuItem
            icon={<Power aria-hidden />}
            disabledReason={mayChange}
            onSelect={() => state.mutate(!isActive)}
          >
            {isActive ? 'Deactivate' : 'Activate'}
          </MenuItem>
          <MenuLine />
          <MenuItem
            tone="bad"
            icon={<Trash2 aria-hidden />}
            disabledReason={mayDelete}
            onSelect={() => setDeleting(true)}
          >
            Delete
          </MenuItem>
        </Menu>
        {deleting ? <DeleteKey apiKey={apiKey} onClose={() => setDeleting(false)} /> : null}
      </Td>
    </tr>
  )
}

function DeleteKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const remove = useDeleteApiKey(apiKey.metadata.uid)
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete ${apiKey.metadata.name}?`}
      description="Programs that use this key are refused from now on. This cannot be undone. To stop them for a while only, deactivate the key."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="danger"
            busy={remove.isPending}
            onClick={() => remove.mutate(undefined, { onSuccess: onClose })}
          >
            Delete API key
          </Button>
        </>
      }
    >
      {remove.error ? (
        <Callout tone="bad" title="The key was not deleted">
          {remove.error.message}
        </Callout>
      ) : null}
    </Dialog>
  )
}
