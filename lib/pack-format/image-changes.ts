/** What the names of container images of two versions do not share. */
export interface ImageChanges {
  added: string[]
  removed: string[]
  /** The same image with another tag or digest. */
  changed: { name: string; from: string; to: string }[]
}

/** Where a pack lists its images for those who bring them somewhere else. */
export const IMAGES_PATH = 'pack.content.images'

const IMAGES_MAX = 1_000
const REFERENCE_MAX = 512

/** The container images that a pack's values list. */
export function listedImages(values: unknown): string[] {
  const images = IMAGES_PATH.split('.').reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    values,
  )
  if (!Array.isArray(images)) return []
  const names = images.map((one) => (typeof one === 'object' && one !== null ? one.image : one))
  return [...new Set(names.filter((one): one is string => typeof one === 'string' && one !== ''))]
    .filter((one) => one.length <= REFERENCE_MAX)
    .slice(0, IMAGES_MAX)
}

/** `quay.io/x/y:1.2@sha256:…` as its name and what stands behind it. */
function splitReference(reference: string): { name: string; tag: string } {
  const at = reference.indexOf('@')
  const head = at < 0 ? reference : reference.slice(0, at)
  // A colon before the last slash is a port.
  const colon = head.lastIndexOf(':')
  const end = colon > head.lastIndexOf('/') ? colon : head.length
  return { name: reference.slice(0, end), tag: reference.slice(end).replace(/^:/, '') }
}

/** Pairs images by their names, where a version lists each once. */
export function compareImages(left: readonly string[], right: readonly string[]): ImageChanges {
  const [gone, come] = [
    left.filter((one) => !right.includes(one)),
    right.filter((one) => !left.includes(one)),
  ] as const
  const changes: ImageChanges = { added: [], removed: [], changed: [] }
  const rest = [...come]
  for (const one of gone) {
    const { name, tag } = splitReference(one)
    const at = rest.findIndex((other) => splitReference(other).name === name)
    const [other] = at < 0 ? [] : rest.splice(at, 1)
    if (other === undefined) changes.removed.push(one)
    else changes.changed.push({ name, from: tag, to: splitReference(other).tag })
  }
  changes.added = rest
  return changes
}
