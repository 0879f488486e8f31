'use client'

import { useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'

import { apiFile } from '@/components/api'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Menu, MenuItem } from '@/components/ui/menu'
import { count } from '@/components/ui/numbers'
import { type PackChoice, toBody } from './queries'

type Format = 'csv' | 'json'

/** Fetches what a search finds as a file, and hands it to the browser. @returns how many packs, and whether there are more */
async function saveSearch(choice: PackChoice, format: Format): Promise<{ packs: number; isCut: boolean }> {
  const response = await apiFile('exportPacks', { query: { format }, body: toBody(choice) })
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download =
    /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? `packs.${format}`
  link.click()
  URL.revokeObjectURL(url)
  return {
    packs: Number(response.headers.get('packyard-export-count')),
    isCut: response.headers.get('packyard-export-cut') === 'true',
  }
}

/** What the list shows, as a whole, in a file. */
export function useExport(choice: PackChoice) {
  return useMutation({ mutationFn: (format: Format) => saveSearch(choice, format) })
}

export const ExportMenu = ({
  exporting,
  isEmpty,
}: {
  exporting: ReturnType<typeof useExport>
  isEmpty: boolean
}) =>
  isEmpty || exporting.isPending ? (
    <Button
      busy={exporting.isPending}
      disabledReason={isEmpty ? 'The list holds no pack.' : undefined}
      icon={<Download aria-hidden />}
    >
      Export
    </Button>
  ) : (
    <Menu trigger={<Button icon={<Download aria-hidden />}>Export</Button>}>
      <MenuItem onSelect={() => exporting.mutate('csv')}>As CSV, for spreadsheets</MenuItem>
      <MenuItem onSelect={() => exporting.mutate('json')}>As JSON, for programs</MenuItem>
    </Menu>
  )

/** What became of an export, where a person should know: it failed, or the file is a part. */
export function ExportNotice({ exporting }: { exporting: ReturnType<typeof useExport> }) {
  const close = (
    <Button size="small" onClick={exporting.reset}>
      Close
    </Button>
  )
  if (exporting.isError)
    return (
      <Callout tone="bad" title="The packs could not be exported" action={close}>
        {exporting.error.name === 'TypeError'
          ? 'The connection broke before the file was whole. Try again.'
          : exporting.error.message}
      </Callout>
    )
  if (exporting.data?.isCut)
    return (
      <Callout title={`The file holds the first ${count(exporting.data.packs, 'pack')}`} action={close}>
        More packs fit. Narrow the list with filters to export the rest.
      </Callout>
    )
  return (
    <p role="status" className="sr-only">
      {exporting.data ? `Exported ${count(exporting.data.packs, 'pack')}.` : ''}
    </p>
  )
}
