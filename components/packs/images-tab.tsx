'use client'

import { useQuery } from '@tanstack/react-query'

import { Callout } from '@/components/ui/callout'
import { Empty, LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { CopyText, Mono } from '@/components/ui/mono'
import { count } from '@/components/ui/numbers'
import { Table, Td, Th } from '@/components/ui/table'
import { imagesQuery } from './one-pack-queries'

/** The container images that a version needs, to mirror or to allow. */
export function ImagesTab({ uid, onFile }: { uid: string; onFile: (path: string) => void }) {
  const images = useQuery(imagesQuery(uid))
  if (images.isPending) return <SkeletonRows label="Loading the images" rows={6} />
  if (images.isError)
    return <LoadFailed what="The images" error={images.error} retry={() => void images.refetch()} />
  const { items, notes } = images.data
  return (
    <div className="flex flex-col gap-4">
      {notes.length > 0 ? (
        <Callout tone="warn" title="There may be more">
          Not all files could be read: {notes.join(' ')}
        </Callout>
      ) : null}
      {items.length === 0 ? (
        <Empty title="No images found">
          Neither its values nor its manifests and charts name one plainly. A template may still put one
          together.
        </Empty>
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-3">
            <p className="mr-auto max-w-160 text-ink-soft">
              {count(items.length, 'image')}, found in values, manifests and charts. Templates are not run:
              what they put together may be missing, and what is switched off may be listed. Where values name
              no tag, the chart’s appVersion is meant.
            </p>
            <CopyText text={`${items.map((one) => one.image).join('\n')}\n`}>Copy all</CopyText>
          </div>
          <div className="overflow-hidden rounded-lg border bg-surface">
            <Table label="Container images">
              <thead>
                <tr>
                  <Th>Image</Th>
                  <Th>Named in</Th>
                </tr>
              </thead>
              <tbody>
                {items.map(({ image, from }) => (
                  <tr key={image}>
                    <Td>
                      <Mono text={image} max={90} className="text-ink text-xs" />
                    </Td>
                    <Td className="text-xs">
                      {from === 'pack.content' ? (
                        <span className="text-ink-soft">The pack’s own list</span>
                      ) : (
                        <button
                          type="button"
                          onClick={() => onFile(from)}
                          className="mono text-left text-ink-soft underline-offset-3 hover:text-ink hover:underline"
                        >
                          {from}
                        </button>
                      )}
                    </Td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </div>
        </>
      )}
    </div>
  )
}
