import { expect, test } from 'vitest'

import type { ChangeKind } from '../catalog/schema'
import { toFeed } from './entries'
import { toAtom, toJsonFeed, xml } from './formats'
import { etagOf, isFresh } from './fresh'
import type { FeedRow } from './store'

const AT = new Date('2026-11-25T10:00:00.500Z')
const row = (rest: Partial<FeedRow> = {}): FeedRow => ({
  ...{
    id: '7',
    kind: 'added',
    at: AT,
    runId: 'a'.repeat(24),
    registryId: 'b'.repeat(24),
    registryName: 'Sample',
  },
  ...{ name: 'dex', version: '1.0.0', displayName: 'Dex', was: '', became: '', versions: 1, packs: 1 },
  ...rest,
})
const of = (...rows: FeedRow[]) =>
  toFeed(rows, {
    title: 'New versions',
    key: 'k',
    path: '/changes?',
    consoleUrl: 'https://c.example/',
    tenantId: 't',
  })
const SELF = 'https://c.example/v1/packyard/feeds/changes.atom'

/** The tags of a document, and what is wrong with how they are nested. */
function tagsOf(text: string): string[] {
  const open: string[] = []
  const seen: string[] = []
  for (const [, end, name = '', self] of text.matchAll(/<(\/)?([a-z]+)(?:\s[^<>]*?)?(\/)?>/g)) {
    if (end) expect(open.pop()).toBe(name)
    else {
      seen.push([...open, name].join('/'))
      if (!self) open.push(name)
    }
  }
  expect(open).toEqual([])
  return seen
}

test('an Atom feed has what RFC 4287 demands of a feed and of each entry', () => {
  const text = toAtom(of(row(), row({ id: '6', version: '0.9.0' })), SELF)
  const tags = tagsOf(text)
  for (const name of ['id', 'title', 'updated', 'author', 'author/name', 'link', 'generator'])
    expect(tags).toContain(`feed/${name}`)
  for (const name of ['id', 'title', 'updated', 'link', 'summary'])
    expect(tags.filter((one) => one === `feed/entry/${name}`)).toHaveLength(2)
  expect(text).toMatch(
    /^<\?xml version="1\.0" encoding="utf-8"\?>\n<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom"/,
  )
  expect(text).toContain(`<link rel="self" type="application/atom+xml" href="${SELF}"/>`)
  const ids = [...text.matchAll(/<id>(.*?)<\/id>/g)].map(([, id]) => id)
  expect(new Set(ids).size).toBe(3)
  for (const id of ids)
    expect(id).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(text).toContain('<updated>2026-11-25T10:00:00.500Z</updated>')
})

test('what a pack is called breaks no XML and puts nothing into it', () => {
  const evil = `]]></title><script x="'">&amp;\u0000\u0008\ud800\uffff😀`
  const text = toAtom(of(row({ displayName: evil, registryName: evil, name: '../<x>' })), `${SELF}?name=<&">`)
  expect(tagsOf(text)).toEqual(tagsOf(toAtom(of(row()), SELF)))
  expect(text).not.toContain('<script')
  expect(text).toContain('&amp;amp;')
  expect(xml(evil)).toBe(
    ']]&gt;&lt;/title&gt;&lt;script x=&quot;&#39;&quot;&gt;&amp;amp;\ufffd\ufffd\ufffd\ufffd😀',
  )
  expect(text).toContain('href="https://c.example/packs/..%2F%3Cx%3E?registry=')
})

test('a JSON feed has what version 1.1 demands of a feed and of each item', () => {
  const feed = JSON.parse(toJsonFeed(of(row()), SELF))
  expect(feed).toMatchObject({
    ...{ version: 'https://jsonfeed.org/version/1.1', title: 'New versions', feed_url: SELF },
    authors: [{ name: 'Packyard' }],
  })
  expect(feed.items).toEqual([
    {
      id: expect.stringMatching(/^urn:uuid:/),
      url: `https://c.example/packs/dex?registry=${'b'.repeat(24)}&version=1.0.0`,
      title: 'Dex 1.0.0',
      content_text: 'Registry: Sample.',
      date_published: AT.toISOString(),
      tags: ['added'],
    },
  ])
})

test.each<[ChangeKind, Partial<FeedRow>, string, string]>([
  [
    'arrived',
    { name: '', versions: 5000, packs: 300 },
    'New registry: Sample',
    '5,000 versions of 300 packs came',
  ],
  ['added', { name: '', versions: 120, packs: 1 }, '120 new versions of 1 pack', 'lists them all'],
  [
    'repushed',
    { was: 'sha256:a', became: 'sha256:b' },
    'Re-pushed: Dex 1.0.0',
    'It was sha256:a and is sha256:b',
  ],
  [
    'eolSet',
    { was: '2026-01-01', became: '' },
    'End of life set: Dex 1.0.0',
    'no end of life any more; it was 2026-01-01',
  ],
  ['eolNear', { became: '2027-01-01' }, 'End of life near: Dex 1.0.0', 'Its life ends on 2027-01-01'],
])('%s is told in words', (kind, rest, title, text) => {
  const [entry] = of(row({ kind, ...rest })).entries
  expect(entry?.title).toBe(title)
  expect(entry?.text).toContain(text)
})

test('an entry that stands for many is the same one while its run goes on', () => {
  const many = (id: string, versions: number) => of(row({ id, name: '', versions })).entries[0]?.id
  expect(many('9', 40)).toBe(many('8', 30))
  expect(many('9', 40)).not.toBe(of(row({ name: '', kind: 'gone' })).entries[0]?.id)
})

test('an empty feed is a feed', () => {
  expect(toAtom(of(), SELF)).toContain('<updated>1970-01-01T00:00:00.000Z</updated>')
  expect(JSON.parse(toJsonFeed(of(), SELF)).items).toEqual([])
})

test('who has an answer already is not sent it again', () => {
  const etag = etagOf('body')
  const fresh = (headers: Record<string, string>) => isFresh(new Headers(headers), etag, AT)
  expect(fresh({})).toBe(false)
  for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*'])
    expect(fresh({ 'if-none-match': tag }), tag).toBe(true)
  expect(fresh({ 'if-none-match': '"other"' })).toBe(false)
  expect(fresh({ 'if-modified-since': AT.toUTCString() })).toBe(true)
  expect(fresh({ 'if-modified-since': new Date(AT.getTime() - 1000).toUTCString() })).toBe(false)
  // The tag decides alone.
  expect(fresh({ 'if-none-match': '"other"', 'if-modified-since': AT.toUTCString() })).toBe(false)
  expect(fresh({ 'if-modified-since': 'yesterday' })).toBe(false)
})
