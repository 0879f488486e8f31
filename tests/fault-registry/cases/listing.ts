import { parse, stringify } from 'yaml'

import type { Answer } from '../http'
import { ARCHIVE } from '../kinds/oci'
import type { World } from './world'

/** An entry that a sound registry would not list. */
export interface Extra {
  name: string
  version: string
}

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`

/** A sound listing with more entries, of any name and version, whose content is not there. */
export function withExtras({ kind, endpoint }: World, sound: Answer, extras: readonly Extra[]): Answer {
  const text = Buffer.from(sound.body).toString()
  if (kind === 'pack') {
    const lines = text.trimEnd().split('\n')
    const { count } = JSON.parse(lines.pop() ?? '{}')
    const added = extras.map(({ name, version }) =>
      JSON.stringify({ name, version, digest: DIGEST, tags: [version] }),
    )
    const end = JSON.stringify({ end: true, count: count + added.length })
    return { ...sound, body: Buffer.from(`${[...lines, ...added, end].join('\n')}\n`) }
  }
  if (kind === 'helm') {
    const { entries, ...rest } = parse(text) as { entries: Record<string, unknown[]> }
    const all = new Map(Object.entries(entries))
    for (const { name, version } of extras)
      all.set(name, [...(all.get(name) ?? []), { name, version, urls: [`${name}-${version}.tgz`] }])
    const index = new Map<string, unknown>([['entries', all], ...Object.entries(rest)])
    return { ...sound, body: Buffer.from(stringify(index)) }
  }
  const data = JSON.parse(text)
  if (endpoint === 'versions') data.tags.push(...extras.map((one) => one.version))
  else data.repositories.push(...extras.map((one) => (kind === 'oci' ? ARCHIVE : '') + one.name))
  return { ...sound, body: Buffer.from(JSON.stringify(data)) }
}

/** The listing of a kind with a text in the place of something that it must hold: raw, as JSON or YAML writes it. */
export function malformed({ kind, endpoint }: World, sound: Answer, value: string): Answer {
  if (kind === 'pack') {
    const [first = '', ...rest] = Buffer.from(sound.body).toString().split('\n')
    return {
      ...sound,
      body: Buffer.from([first.replace(/"name":"[^"]*"/, `"name":${value}`), ...rest].join('\n')),
    }
  }
  if (kind === 'helm')
    return { ...sound, body: Buffer.from(`apiVersion: v1\nentries: ${value}\ngenerated: now\n`) }
  return { ...sound, body: Buffer.from(`{"${endpoint === 'versions' ? 'tags' : 'repositories'}":${value}}`) }
}
