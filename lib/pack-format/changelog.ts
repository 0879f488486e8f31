import { parseYaml } from './yaml'

export interface FoundChangelog {
  /** The file that it stands in. */
  from: string
  /** Markdown. */
  text: string
  /** It goes on. */
  isCut: boolean
}

const MAX_LENGTH = 128 * 1024
const FILE = /^(?:change-?log|changes|release[-_]?notes|history)(?:\.(?:md|markdown|txt))?$/i
const HEADING =
  /^(#{1,4})[ \t]+(?:[^\w\s]+[ \t]*)?(?:change ?log|changes|release notes|what.?s new|version history)\b.*$/im

/**
 * What changed from version to version, where a pack tells: a file of its own, else one of a chart in it, else the
 * annotation that charts have for it, else a section of the README.
 *
 * @see https://artifacthub.io/docs/topics/annotations/helm/
 */
export function findChangelog(readme: string, texts: ReadonlyMap<string, string>): FoundChangelog | null {
  const files = [...texts.keys()].filter((path) => FILE.test(path.slice(path.lastIndexOf('/') + 1)))
  const [file] = files.sort((a, b) => a.split('/').length - b.split('/').length)
  if (file) return cut(file, texts.get(file) ?? '')
  const charts = [...texts.keys()].filter((path) => /(?:^|\/)Chart\.yaml$/.test(path))
  for (const path of charts.sort((a, b) => a.length - b.length)) {
    const text = changesOf(texts.get(path) ?? '')
    if (text) return cut(path, text)
  }
  const section = sectionOf(readme)
  return section ? cut('README.md', section) : null
}

const cut = (from: string, text: string): FoundChangelog | null =>
  text.trim() ? { from, text: text.slice(0, MAX_LENGTH), isCut: text.length > MAX_LENGTH } : null

/** The changes that a Chart.yaml names, as a list in Markdown. */
function changesOf(chartYaml: string): string {
  try {
    const { annotations } = parseYaml(chartYaml) as { annotations?: Record<string, unknown> }
    const written = annotations?.['artifacthub.io/changes']
    const changes: unknown = typeof written === 'string' ? parseYaml(written) : written
    return Array.isArray(changes) ? changes.map(toLine).filter(Boolean).join('\n') : ''
  } catch {
    return ''
  }
}

function toLine(change: unknown): string {
  if (typeof change === 'string') return `- ${oneLine(change)}`
  if (typeof change !== 'object' || change === null) return ''
  const { kind, description, links } = change as Record<string, unknown>
  const told = Array.isArray(links) ? links.flatMap(toLink) : []
  const text = typeof description === 'string' ? oneLine(description) : ''
  if (!text) return ''
  const word = typeof kind === 'string' ? `**${kind.charAt(0).toUpperCase()}${kind.slice(1, 40)}:** ` : ''
  return `- ${word}${text}${told.length > 0 ? ` (${told.join(', ')})` : ''}`
}

function toLink(link: unknown): string[] {
  const { name, url } = (link ?? {}) as Record<string, unknown>
  if (typeof url !== 'string' || !/^https?:\/\/[^\s()<>]+$/i.test(url)) return []
  return [`[${oneLine(typeof name === 'string' ? name : url).replace(/[[\]]/g, '')}](${url})`]
}

const oneLine = (text: string) => text.trim().replaceAll(/\s+/g, ' ')

/** A section of a README, until the next heading that is as high. */
function sectionOf(readme: string): string {
  const found = HEADING.exec(readme)
  if (!found) return ''
  const body = readme.slice(found.index + found[0].length)
  const end = new RegExp(`^#{1,${found[1]?.length ?? 1}}[ \\t]`, 'm').exec(body)
  return end ? body.slice(0, end.index) : body
}
