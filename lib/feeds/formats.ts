import type { Feed } from './entries'

/** Signs that no XML may hold, not even written as numbers. @see https://www.w3.org/TR/xml/#charsets */
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu
const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as it may stand in XML, between tags and in attributes. */
export const xml = (text: string): string =>
  text.replace(NOT_XML, '\ufffd').replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)

const AUTHOR = 'Packyard'

/**
 * Atom 1.0.
 *
 * @param selfUrl where it is read, without what proves who reads it
 * @see https://www.rfc-editor.org/rfc/rfc4287
 */
export function toAtom(feed: Feed, selfUrl: string): string {
  const entries = feed.entries.map(
    ({ id, url, title, text, at, tag }) => `  <entry>
    <id>${xml(id)}</id>
    <title>${xml(title)}</title>
    <link rel="alternate" type="text/html" href="${xml(url)}"/>
    <published>${at.toISOString()}</published>
    <updated>${at.toISOString()}</updated>
    <category term="${xml(tag)}"/>
    <summary>${xml(text)}</summary>
  </entry>
`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <id>${xml(feed.id)}</id>
  <title>${xml(feed.title)}</title>
  <updated>${feed.updatedAt.toISOString()}</updated>
  <author><name>${AUTHOR}</name></author>
  <generator>${AUTHOR}</generator>
  <link rel="self" type="application/atom+xml" href="${xml(selfUrl)}"/>
  <link rel="alternate" type="text/html" href="${xml(feed.url)}"/>
${entries.join('')}</feed>
`
}

/** JSON Feed 1.1. @see https://www.jsonfeed.org/version/1.1/ */
export const toJsonFeed = (feed: Feed, selfUrl: string): string =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    home_page_url: feed.url,
    feed_url: selfUrl,
    authors: [{ name: AUTHOR }],
    language: 'en',
    items: feed.entries.map(({ id, url, title, text, at, tag }) => ({
      ...{ id, url, title, content_text: text, date_published: at.toISOString(), tags: [tag] },
    })),
  })
