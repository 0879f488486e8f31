'use client'

import { useQuery } from '@tanstack/react-query'
import { ChevronRight, File, FileArchive, FileText, FileX2, Folder } from 'lucide-react'
import { useState } from 'react'

import { Callout } from '@/components/ui/callout'
import { cn } from '@/components/ui/cn'
import { Empty, LoadFailed, Skeleton, SkeletonRows } from '@/components/ui/list-states'
import { CopyText, Mono } from '@/components/ui/mono'
import { count, formatBytes, formatNumber } from '@/components/ui/numbers'
import { firstFile, foldersOf, type TreeNode, toTree } from './file-tree'
import { fileQuery, filesQuery } from './one-pack-queries'
import { YamlView } from './yaml-view'

/** Manifests, charts with what they hold, and every other file of a version: a tree, and one of them to read. */
export function FilesTab({
  uid,
  path,
  onPath,
}: {
  uid: string
  /** The file that the address names; empty: the first one that is worth it. */
  path: string
  onPath: (path: string) => void
}) {
  const files = useQuery(filesQuery(uid))
  if (files.isPending)
    return (
      <div className="flex flex-col gap-2">
        <p className="text-ink-soft">The first time, they are read from the registry.</p>
        <SkeletonRows label="Loading the files" rows={10} height="h-6" />
      </div>
    )
  if (files.isError)
    return <LoadFailed what="The files" error={files.error} retry={() => void files.refetch()} />
  const { items, more, notes } = files.data
  const shown = path || firstFile(items)
  return (
    <div className="flex flex-col gap-4">
      {notes.length > 0 ? (
        <Callout tone="warn" title="Not everything could be read">
          <ul className="flex flex-col gap-1">
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Callout>
      ) : null}
      {items.length === 0 ? (
        <Empty title="This version has no files">Its values and README are all there is.</Empty>
      ) : (
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(220px,300px)_minmax(0,1fr)]">
          <nav aria-label="Files" className="max-h-[70dvh] overflow-auto rounded-lg border bg-surface py-2">
            <Tree key={uid} nodes={toTree(items)} shown={shown} onPath={onPath} />
            {more > 0 ? (
              <p className="px-3 pt-2 text-ink-faint text-xs">
                And {count(more, 'file')} more. The first {formatNumber(items.length)} are listed.
              </p>
            ) : null}
          </nav>
          {shown ? <FileView uid={uid} path={shown} /> : null}
        </div>
      )}
    </div>
  )
}

function Tree({
  nodes,
  shown,
  onPath,
}: {
  nodes: TreeNode[]
  shown: string
  onPath: (path: string) => void
}) {
  // What is shown is in view, and what is alone is open.
  const [open, setOpen] = useState(
    () => new Set([...foldersOf(shown), ...(nodes.length === 1 ? nodes.map((one) => one.path) : [])]),
  )
  const toggle = (path: string) => {
    const next = new Set(open)
    if (!next.delete(path)) next.add(path)
    setOpen(next)
  }
  return <Level {...{ nodes, shown, onPath, open, toggle }} depth={0} />
}

interface LevelProps {
  nodes: TreeNode[]
  depth: number
  shown: string
  onPath: (path: string) => void
  open: ReadonlySet<string>
  toggle: (path: string) => void
}

function Level({ nodes, depth, ...rest }: LevelProps) {
  const { shown, onPath, open, toggle } = rest
  return (
    <ul>
      {nodes.map((node) => {
        const isFolder = node.children.length > 0
        const isOpen = open.has(node.path)
        const isShown = node.path === shown
        const Icon = !isFolder
          ? { text: FileText, large: FileX2, binary: File }[node.file?.kind ?? 'binary']
          : node.file
            ? FileArchive
            : Folder
        return (
          <li key={node.path}>
            <button
              type="button"
              aria-expanded={isFolder ? isOpen : undefined}
              aria-current={isShown ? 'true' : undefined}
              title={node.path}
              onClick={() => (isFolder ? toggle(node.path) : onPath(node.path))}
              style={{ paddingLeft: `${0.5 + depth * 0.875}rem` }}
              className={cn(
                'flex min-h-7 w-full items-center gap-1.5 pr-3 text-left text-xs hover:bg-sunken',
                isShown ? 'bg-accent-soft font-medium text-ink' : 'text-ink-soft',
              )}
            >
              <ChevronRight
                aria-hidden
                className={cn('size-3.5 shrink-0', isFolder ? isOpen && 'rotate-90' : 'invisible')}
              />
              <Icon aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
              <span className="mono truncate">{node.name}</span>
            </button>
            {isFolder && isOpen ? <Level {...rest} nodes={node.children} depth={depth + 1} /> : null}
          </li>
        )
      })}
    </ul>
  )
}

const HIGHLIGHTED = /\.(?:ya?ml|tpl|json)$/i

function FileView({ uid, path }: { uid: string; path: string }) {
  const file = useQuery(fileQuery(uid, path))
  if (file.isPending) return <Skeleton className="h-96" />
  if (file.isError) return <LoadFailed what="The file" error={file.error} retry={() => void file.refetch()} />
  const { size, digest, kind, text } = file.data
  return (
    <section aria-label={path} className="flex min-w-0 flex-col gap-2">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 className="mono min-w-0 text-sm [overflow-wrap:anywhere]">{path}</h2>
        <span className="text-ink-faint text-xs">{formatBytes(size)}</span>
        <Mono text={digest} max={20} className="text-xs" />
        {text ? <CopyText text={text} className="ml-auto" /> : null}
      </header>
      {text === null ? (
        <div className="rounded-lg border bg-surface">
          <Empty title={kind === 'large' ? 'Too large to show' : 'Not a text'}>
            {kind === 'large'
              ? 'A version keeps 4 MiB of texts, and each at most 512 KiB. Pull the pack to read it.'
              : 'It is listed with its size and digest. Pull the pack to look into it.'}
          </Empty>
        </div>
      ) : text === '' ? (
        <p className="rounded-lg border bg-surface p-4 text-ink-soft">This file is empty.</p>
      ) : (
        <YamlView text={text} label={`Content of ${path}`} plain={!HIGHLIGHTED.test(path)} />
      )}
    </section>
  )
}
