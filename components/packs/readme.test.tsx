import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'

import { EVIL, README } from '../../tests/hostile-bytes/readmes'
import Readme from './readme'
import { piecesOf } from './readme-pieces'

const UID = 'a'.repeat(24)
const hrefOf = (path: string) => `/packs/evil?file=${encodeURIComponent(path)}`

/** The elements of the whole README, as a browser is given them: text is escaped in it, so what looks like a tag is one. */
const elements = piecesOf(README).flatMap((piece) =>
  [
    ...renderToStaticMarkup(<Readme text={piece} packUid={UID} hrefOf={hrefOf} />).matchAll(
      /<([a-z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/gi,
    ),
  ].map(([whole, tag = '', attributes = '']) => ({
    whole,
    tag: tag.toLowerCase(),
    attributes: Object.fromEntries(
      [...attributes.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, name = '', value = '']) => [
        name.toLowerCase(),
        value,
      ]),
    ),
  })),
)

test('a README that means harm becomes text, code, tables, links and pictures of the pack, and nothing else', () => {
  const allowed =
    /^(?:article|p|h[2-6]|a|img|span|em|strong|del|code|pre|ul|ol|li|input|blockquote|hr|br|sup|section|div|table|thead|tbody|tr|th|td)$/
  expect(elements.length).toBeGreaterThan(200)
  expect(elements.filter(({ tag }) => !allowed.test(tag)).map(({ whole }) => whole)).toEqual([])
  // The boxes of a list of tasks, which nobody can tick.
  for (const { tag, attributes } of elements)
    if (tag === 'input') expect(attributes).toMatchObject({ type: 'checkbox', disabled: '' })
})

test('nothing in it runs, is styled by it, or takes part in the page', () => {
  const names = new Set(elements.flatMap(({ attributes }) => Object.keys(attributes)))
  const known = [
    'class',
    'href',
    'title',
    'target',
    'rel',
    'id',
    'tabindex',
    'aria-busy',
    'src',
    'alt',
    'loading',
    'decoding',
    'type',
    'disabled',
    'checked',
    'start',
    'style',
    'dir',
    'aria-describedby',
    'aria-label',
    'data-footnotes',
    'data-footnote-ref',
    'data-footnote-backref',
  ]
  expect([...names].filter((name) => !known.includes(name))).toEqual([])
  for (const { attributes } of elements) {
    // Columns of a table are aligned so.
    expect(attributes.style ?? '').toMatch(/^(?:text-align:(?:left|right|center))?$/)
    if (attributes.id) expect(attributes.id).toMatch(/^(?:readme-|user-content-|footnote-label)/)
    expect(attributes.class ?? '').not.toMatch(/fixed|inset|z-/)
  }
})

test('its links lead to the web and say where, to a place in it, or to a file of the pack', () => {
  const links = elements.filter(({ tag }) => tag === 'a').map(({ attributes }) => attributes)
  expect(links.length).toBeGreaterThan(20)
  for (const { href = '', title, rel, target } of links) {
    if (/^https?:\/\//.test(href))
      expect({ rel, target }).toEqual({ rel: 'noopener noreferrer nofollow', target: '_blank' })
    else expect(href).toMatch(/^(?:#|\/packs\/evil\?file=)/)
    if (href === `https://${EVIL}/`) expect(title).toBe(href)
  }
  expect(links.some(({ href }) => href === `https://${EVIL}/`)).toBe(true)
})

test('its pictures are files of the pack, which the API draws anew', () => {
  for (const { tag, attributes } of elements)
    if (tag === 'img')
      expect(attributes.src).toMatch(new RegExp(`^/v1/packyard/packs/${UID}/files/picture\\?path=`))
})
