import { detailedOf, nameOf, partOf, rareWord } from './made-catalog'

export interface Asked {
  method: 'GET' | 'POST'
  path: string
  body?: object
  /** The words of a search: what the bare statement is given. */
  text?: string
}

interface Search {
  text?: string
  layer?: string[]
  addOnType?: string[]
}

/** Versions of each pack of a catalog that is made here. */
export const VERSIONS = 5

const bodyOf = ({ text, ...choices }: Search) => ({
  filter: { ...choices, ...(text && { packyard: { text } }) },
  sort: text ? [] : [{ field: 'name' }],
})

const search = (of: Search, at = ''): Asked => ({
  ...{ method: 'POST', path: `/v1/packs/search?limit=48&continue=${at}`, body: bodyOf(of) },
  text: of.text,
})

const facets = (of: Search): Asked => ({
  ...{ method: 'POST', path: '/v1/packyard/packs/facets', body: bodyOf(of) },
})

/** The kinds of search: each request of a kind asks for something else, so that no cache answers. */
export const kinds = (
  packs: number,
  digit: string,
  /** The token of the page that follows a pack, in the order of names. */
  tokenOf: (name: string) => string,
): Record<string, (i: number) => Asked> => ({
  'rare word': (i) => search({ text: rareWord((i * 37) % packs) }),
  'exact name': (i) => search({ text: nameOf((i * 37) % packs) }),
  'common word': (i) => search({ text: `kubernetes ${'k'.repeat(i % 2)}`.trim() }),
  'word of many names': (i) => search({ text: partOf(i) }),
  'unfinished word': (i) => search({ text: partOf(i).slice(0, 2) }),
  'two words': (i) => search({ text: `${partOf(i)} ${partOf(i + 5)}` }),
  'word and choices': (i) =>
    search({ text: partOf(i), layer: ['addon'], addOnType: [['logging', 'security'][i % 2] ?? ''] }),
  typo: (i) => search({ text: partOf(i).slice(0, 3) + partOf(i).slice(4) }),
  'all packs': () => search({}),
  'one layer': (i) => search({ layer: [['os', 'csi', 'cni'][i % 3] ?? ''] }),
  'deep page': (i) => search({}, tokenOf(nameOf((i * 7919) % packs))),
  'facets of all': () => facets({}),
  'facets of a choice': (i) => facets({ layer: [['os', 'csi', 'cni'][i % 3] ?? ''] }),
  'facets of a word': (i) => facets({ text: partOf(i) }),
  'facets of a common word': () => facets({ text: 'kubernetes' }),
  'pack with README': (i) => ({
    method: 'GET',
    path: `/v1/packs/${detailedOf(digit, i * 7, packs, VERSIONS)}`,
  }),
})
