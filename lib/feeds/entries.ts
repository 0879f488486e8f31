import { createHash } from 'node:crypto'

import type { ChangeKind } from '../catalog/schema'
import type { FeedRow } from './store'

export interface FeedEntry {
  /** Never changes, wherever the console stands. */
  id: string
  url: string
  title: string
  text: string
  at: Date
  tag: string
}

/** What every format of a feed tells. */
export interface Feed {
  id: string
  title: string
  url: string
  /** Of the newest entry; the beginning of time where there is none. */
  updatedAt: Date
  entries: FeedEntry[]
}

const TITLES: Record<ChangeKind, string> = {
  arrived: '',
  added: '',
  repushed: 'Re-pushed: ',
  deprecated: 'Deprecated: ',
  disabled: 'Disabled: ',
  deleted: 'Deleted by its author: ',
  reinstated: 'Active again: ',
  gone: 'Gone: ',
  returned: 'Came back: ',
  eolSet: 'End of life set: ',
  eolNear: 'End of life near: ',
  eolReached: 'End of life: ',
  leftOut: 'Left out by filter: ',
  takenIn: 'Taken by filter: ',
}

const number = new Intl.NumberFormat('en')
const count = (value: number, word: string) => `${number.format(value)} ${word}${value === 1 ? '' : 's'}`

/** Makes what a feed tells of rows. */
export function toFeed(
  rows: readonly FeedRow[],
  feed: { title: string; key: string; path: string; consoleUrl: string; tenantId: string },
): Feed {
  return {
    id: urnOf(feed.key),
    title: feed.title,
    url: new URL(feed.path, feed.consoleUrl).href,
    updatedAt: rows[0]?.at ?? new Date(0),
    entries: rows.map((row) => toEntry(row, feed)),
  }
}

function toEntry(row: FeedRow, feed: { consoleUrl: string; tenantId: string }): FeedEntry {
  const { kind, name, version, displayName, registryId, registryName, versions, packs, runId, at } = row
  const isMany = name === ''
  const subject = isMany
    ? kind === 'arrived'
      ? `New registry: ${registryName}`
      : `${count(versions, kind === 'added' ? 'new version' : 'version')} of ${count(packs, 'pack')}`
    : `${displayName} ${version}`
  const path = isMany
    ? `/changes?${new URLSearchParams({ registry: registryId, kind, ...(runId && { run: runId }) })}`
    : `/packs/${encodeURIComponent(name)}?${new URLSearchParams({ registry: registryId, version })}`
  return {
    // One that stands for many stays the same one while the run that finds them goes on.
    id: urnOf(
      isMany
        ? `${feed.tenantId}/${registryId}/${runId || at.toISOString()}/${kind}`
        : `${feed.tenantId}/${row.id}`,
    ),
    url: new URL(path, feed.consoleUrl).href,
    title: TITLES[kind] + subject,
    text: textOf(row),
    at,
    tag: kind,
  }
}

function textOf({ kind, was, became, registryName, name, versions, packs }: FeedRow): string {
  const where = `Registry: ${registryName}.`
  if (kind === 'arrived')
    return `${count(versions, 'version')} of ${count(packs, 'pack')} came with this registry.`
  if (name === '') return `${where} The console lists them all.`
  if (kind === 'repushed')
    return `The same version has other content. It was ${was} and is ${became}. ${where}`
  if (kind === 'eolSet')
    return `${became ? `Its life ends on ${became}` : 'It has no end of life any more'}${was ? `; it was ${was}` : ''}. ${where}`
  if (kind === 'eolNear') return `Its life ends on ${became}. ${where}`
  if (kind === 'eolReached') return `Its life ended on ${became}. ${where}`
  return where
}

/** A name that is the same for the same text: a UUID of our own making. @see RFC 9562, section 5.8 */
function urnOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `urn:uuid:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`
}
