import { RemoteError } from '../adapters/adapter'
import { explain } from '../adapters/explain'
import { atMost } from '../at-most'
import { AppError } from '../errors'
import { log } from '../log'
import { PackError } from '../pack-format/archive'
import { PART_FILES } from '../pack-format/media-types'
import { UnreadablePack } from '../pack-format/pack-facts'
import { FILE_LIMITS, type PackFileEntry } from '../pack-format/pack-files'
import { openParser } from '../parser/parser'
import type { PackListing, Work } from '../parser/work'
import { adapterOf } from '../registries/adapter'
import type { PackFile, StoredFiles } from './files'
import { findFiles, keepFiles, sizesOf } from './store/files'
import { findContents, findRevisions, type RevisionRow, type VersionRow } from './store/versions'

/** Archives in the memory of one process, and how many may wait for them. */
const AT_ONCE = 2
const WAITING = 40
const DEADLINE_MS = 60_000
/** So long nobody asks again for what failed: with refused credentials each try may count towards locking an account. */
const REST_MS = 30_000

const turn = atMost(AT_ONCE)
/** What is being read just now, by revision: who asks for the same waits for the same answer. */
const running = new Map<string, Promise<StoredFiles>>()
const failed = new Map<string, { until: number; error: AppError }>()

/**
 * Reads the files of a version from its registry and keeps them, by the digest that we hold: what was pushed under the
 * same version since then is another revision.
 *
 * @throws AppError `remote_unavailable`, `too_many`
 */
export function readFilesOf(tenantId: string, version: VersionRow): Promise<StoredFiles> {
  const key = `${tenantId} ${version.revisionId}`
  const now = Date.now()
  for (const [one, { until }] of failed) if (until < now) failed.delete(one)
  // Refused credentials are refused for every version of the registry.
  const known = failed.get(key) ?? failed.get(`${tenantId} ${version.registryId}`)
  if (known) return Promise.reject(known.error)
  const found = running.get(key)
  if (found) return found
  if (running.size >= AT_ONCE + WAITING)
    throw new AppError('too_many', 'Files of many packs are being read just now. Try again in a moment.', {
      retryAfterSeconds: 5,
    })
  const reading = turn(() => read(tenantId, version), AbortSignal.timeout(DEADLINE_MS))
    .catch((error) => {
      const told = toAppError(error)
      const { cause } = told.details
      if (cause instanceof RemoteError || cause instanceof UnreadablePack) {
        const isOfAll = cause instanceof RemoteError && cause.step === 'credentials'
        const whose = isOfAll ? `${tenantId} ${version.registryId}` : key
        failed.set(whose, { until: Date.now() + REST_MS, error: told })
      }
      throw told
    })
    .finally(() => running.delete(key))
  running.set(key, reading)
  return reading
}

function toAppError(cause: unknown): AppError {
  const known = explain(cause)
  if (known instanceof RemoteError)
    return new AppError('remote_unavailable', `Its files could not be read. ${known.message} ${known.fix}`, {
      cause: known,
      ...(known.details.retryAfterSeconds && { retryAfterSeconds: known.details.retryAfterSeconds }),
    })
  if (cause instanceof AppError) return cause
  if (cause instanceof UnreadablePack)
    return new AppError('remote_unavailable', `Its files could not be read. ${cause.message}`, { cause })
  log.error({ err: cause }, 'Reading the files of a pack met an error of our own')
  return new AppError('remote_unavailable', 'Its files could not be read in time. Try again.', { cause })
}

async function read(tenantId: string, version: VersionRow): Promise<StoredFiles> {
  const [revision] = await findRevisions(tenantId, [version.revisionId])
  if (!revision) throw new AppError('not_found', 'There is no such pack.')
  if (version.registry.lastOutcome === 'stalled')
    throw new AppError(
      'remote_unavailable',
      `Its files were not read yet, and its registry is not asked until a person mends it. ${version.registry.lastMessage}`,
    )
  const { name, digest } = { ...version, digest: revision.digest }
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const adapter = await adapterOf(tenantId, version.registryId)
  let archive: Awaited<ReturnType<typeof adapter.archive>>
  try {
    archive = await adapter.archive({ name, version: version.version, digest }, signal)
  } finally {
    await adapter.close()
  }
  const form = archive?.form ?? 'rest'
  const digests = [revision.valuesDigest, revision.readmeDigest].filter((one) => one !== null)
  const contents = await findContents(tenantId, digests)
  const partOf = (of: string | null) => contents.get(of ?? '') ?? new Uint8Array()
  const { listing, texts } = await look(
    {
      form,
      file: archive?.file ?? '',
      bytes: archive?.bytes ?? new Uint8Array(),
      values: partOf(revision.valuesDigest),
      readme: partOf(revision.readmeDigest),
    },
    signal,
  )
  // A chart's own files are all there is: the others were made of them.
  const parts = form === 'chart' ? [] : await partsOf(tenantId, revision)
  const own = new Set(parts.map((one) => one.path))
  const files = [...parts, ...listing.files.filter((one) => !own.has(one.path)).map(toFile)].sort(byPath)
  const pieces = listing.files.flatMap(({ digest: of, at, size }) =>
    at === null ? [] : [{ digest: of, at, size }],
  )
  await keepFiles(tenantId, revision.id, { ...listing, files }, { bytes: texts, pieces: distinct(pieces) })
  const kept = await findFiles(tenantId, revision.id)
  if (!kept) throw new AppError('not_found', 'There is no such pack.')
  return kept
}

/** What an archive holds. One that is unsound holds nothing, and that is kept: another try would find the same. */
async function look(
  input: Work['files']['input'],
  signal: AbortSignal,
): Promise<{ listing: PackListing; texts: Uint8Array }> {
  try {
    const { listing, texts } = await openParser().read('files', input, signal)
    return { listing: JSON.parse(Buffer.from(listing).toString('utf8')), texts }
  } catch (error) {
    if (!(error instanceof PackError)) throw error
    const notes = [`Its files cannot be read: ${error.file} ${error.reason}.`]
    return { listing: { files: [], more: 0, notes, images: [], changelog: null }, texts: new Uint8Array() }
  }
}

/** The files that have a content of their own already. */
async function partsOf(tenantId: string, revision: RevisionRow): Promise<PackFile[]> {
  const digests = {
    ...{ manifest: revision.manifestDigest, values: revision.valuesDigest, readme: revision.readmeDigest },
    ...{ schema: revision.schemaDigest, presets: revision.presetsDigest, logo: revision.logoDigest },
  }
  const sizes = await sizesOf(
    tenantId,
    Object.values(digests).filter((one) => one !== null),
  )
  return Object.entries(digests).flatMap(([part, digest]): PackFile[] => {
    const size = sizes.get(digest ?? '')
    if (digest === null || size === undefined) return []
    const kind = part === 'logo' ? 'binary' : size > FILE_LIMITS.keptOne ? 'large' : 'text'
    return [{ path: PART_FILES[part as keyof typeof PART_FILES], size, digest, kind }]
  })
}

const toFile = ({ path, size, digest, kind }: PackFileEntry): PackFile => ({ path, size, digest, kind })
const byPath = (a: PackFile, b: PackFile) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
const distinct = <T extends { digest: string }>(pieces: T[]): T[] => [
  ...new Map(pieces.map((one) => [one.digest, one])).values(),
]
