'use client'

import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { Check, ChevronsUpDown, FolderTree } from 'lucide-react'
import { useEffect, useState } from 'react'

import { api, readProject, writeProject } from '@/components/api'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuLabel } from '@/components/ui/menu'

/** Without a project, a person sees what belongs to the tenant itself and what its projects have. */
const EVERYTHING = 'All projects'

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
  const all = [{ uid: '', name: EVERYTHING }, ...(projects.data?.items.map((one) => one.metadata) ?? [])]
  const current = all.find((one) => one.uid === project)
  const choose = (uid: string) => {
    writeProject(uid)
    setProject(uid)
    void client.invalidateQueries()
  }
  return (
    <Menu
      align="start"
      trigger={
        <Button look="quiet" className="h-8 px-2" icon={<FolderTree aria-hidden />} aria-label="Project">
          <span className="max-w-40 truncate">{current?.name ?? EVERYTHING}</span>
          <ChevronsUpDown aria-hidden className="text-ink-faint" />
        </Button>
      }
    >
      <MenuLabel>Cluster profiles of</MenuLabel>
      {all.map((one) => (
        <MenuItem
          key={one.uid}
          onSelect={() => choose(one.uid)}
          icon={<Check aria-hidden className={one.uid === project ? '' : 'invisible'} />}
        >
          {one.name}
        </MenuItem>
      ))}
    </Menu>
  )
}
