'use client'

import { Search } from 'lucide-react'
import { useState } from 'react'

import { SearchField } from '@/components/ui/field'
import { Mono } from '@/components/ui/mono'
import { Table, Td, Th } from '@/components/ui/table'
import { SYSTEM_MACROS } from '@/lib/profiles/rules/macros'

/** What the system fills in, whatever the profile. */
export function MacroList() {
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const found = SYSTEM_MACROS.filter(
    (one) => one.name.includes(wanted) || one.about.toLowerCase().includes(wanted),
  )
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-soft">
        The system fills these in when a cluster is made. Macros of a project or tenant are written{' '}
        <code>{'{{.spectro.macro.name}}'}</code>, and a value of another pack{' '}
        <code>{'{{.spectro.pack.name.path}}'}</code>.
      </p>
      <SearchField
        label="Search macros"
        placeholder="Search macros"
        icon={<Search />}
        className="max-w-sm"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {found.length === 0 ? (
        <p className="text-ink-soft">No macro has these words.</p>
      ) : (
        <div className="overflow-hidden rounded border">
          <Table label="Macros">
            <thead>
              <tr>
                <Th>Written</Th>
                <Th>Stands for</Th>
              </tr>
            </thead>
            <tbody>
              {found.map(({ name, about }) => (
                <tr key={name}>
                  <Td>
                    <Mono text={`{{.spectro.system.${name}}}`} max={56} />
                  </Td>
                  <Td>{about}</Td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
    </div>
  )
}
