'use client'

import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { Check, ChevronsUpDown, FolderTree } from 'lucide-react'
import { useEffect, useState } from 'react'

import { api, readProject, writeProject } from '@/components/api'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuLabel } from '@/components/ui/menu'

/** Without a project: the cluster profiles that every project shares. */
const TENANT = 'Tenant-wide'

const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: ({ signal }) => api('listProjectNames', {}, signal),
  staleTime: 5 * 60_000,
})

/** Which project new cluster profiles belong to, and whose are shown. */
export function ProjectSwitcher() {
  const client = useQueryClient()
  const projects = useQuery(projectsQuery)
  const [project, setProject] = useState('')
  useEffect(() => setProject(readProject()), [])
  const all = [{ uid: '', name: TENANT }, ...(projects.data?.items.map((one) => one.metadata) ?? [])]
  const name = all.find((one) => one.uid === project)?.name ?? TENANT
  const choose = (uid: string) => {
    writeProject(uid)
    setProject(uid)
    void client.invalidateQueries()
  }
  return (
    <Menu
      align="start"
      trigger={
        <Button
          look="quiet"
          className="h-8 px-2"
          icon={<FolderTree aria-hidden />}
          aria-label={`Project: ${name}`}
        >
          <span className="max-w-40 truncate">{name}</span>
          <ChevronsUpDown aria-hidden className="text-ink-faint" />
        </Button>
      }
    >
      <MenuLabel>Project of cluster profiles</MenuLabel>
      {all.map((one) => (
        <MenuItem
          key={one.uid}
          onSelect={() => choose(one.uid)}
          icon={<Check aria-hidden className={one.uid === project ? '' : 'invisible'} />}
        >
          {one.name}
          {one.uid === '' ? <span className="text-ink-faint text-xs">shared by every project</span> : null}
        </MenuItem>
      ))}
    </Menu>
  )
}
