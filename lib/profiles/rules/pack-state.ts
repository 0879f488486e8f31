import { type Finding, toFinding } from './finding'
import type { CheckedLayer, Subject } from './subject'

const STATES: Record<string, { words: string; why: string }> = {
  deprecated: { words: 'is deprecated', why: 'Its makers will withdraw it.' },
  disabled: {
    words: 'is disabled and cannot be chosen any more',
    why: 'The profile keeps it; new ones cannot take it.',
  },
  deleted: { words: 'was deleted by its makers', why: 'The profile keeps what it holds of it.' },
  gone: { words: 'is gone from its registry', why: 'The profile keeps what it holds of it.' },
}

const SOON_DAYS = 90
const DAY_MS = 24 * 60 * 60 * 1000

/** What became of packs since they were chosen: withdrawn, at the end of their life, or other than they were. */
export const checkPackStates = ({ layers, today }: Pick<Subject, 'layers' | 'today'>): Finding[] =>
  layers.flatMap((layer) => [...checkState(layer), ...checkEnd(layer, today), ...checkDigest(layer)])

function checkState({ name, displayName, version, pack }: CheckedLayer): Finding[] {
  const found = STATES[pack?.state ?? '']
  if (!found) return []
  return [
    toFinding({
      level: 'warning',
      code: 'PackState',
      pack: name,
      what: `${displayName} ${version} ${found.words}.`,
      why: found.why,
      mend: 'Choose another version or another pack.',
    }),
  ]
}

function checkEnd({ name, displayName, version, pack }: CheckedLayer, today: string): Finding[] {
  const [day] = /^\d{4}-\d{2}-\d{2}/.exec(pack?.eol.trim() ?? '') ?? []
  const left = day ? (Date.parse(day) - Date.parse(today)) / DAY_MS : Number.NaN
  // A day that is none is not compared.
  if (!(left <= SOON_DAYS)) return []
  const isOver = left < 0
  return [
    toFinding({
      level: 'warning',
      code: isOver ? 'EndOfLife' : 'EndOfLifeSoon',
      pack: name,
      what: `${displayName} ${version} ${isOver ? 'reached' : 'reaches'} the end of its life on ${day}.`,
      why: isOver ? 'It gets no more fixes.' : 'From then on it gets no more fixes.',
      mend: 'Choose a newer version.',
    }),
  ]
}

function checkDigest({ name, displayName, version, digest, pack }: CheckedLayer): Finding[] {
  if (!pack?.digest || !digest || pack.digest === digest || pack.state === 'gone') return []
  return [
    toFinding({
      level: 'warning',
      code: 'DigestDrift',
      pack: name,
      what: `The registry serves other content of ${displayName} ${version} than this profile holds.`,
      why: 'Somebody pushed the version again after it was chosen. The profile keeps what it holds.',
      mend: 'Take what is there now, or keep this.',
      fix: {
        label: 'Take what is there now',
        edits: [{ do: 'takeContent', layer: name, digest: pack.digest }],
      },
    }),
  ]
}
