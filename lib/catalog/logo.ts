import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { paint } from '../pictures/paint'
import type { Drawn } from '../pictures/picture'
import { findPicture, insertPicture, type LogoSize } from './store/pictures'
import { findContents, findVersion } from './store/versions'

/** Those that are being drawn, by tenant and digest: who asks meanwhile gets the same. */
const drawing = new Map<string, Promise<Drawn>>()

/**
 * A logo as WebP, drawn when it is first asked for and kept.
 *
 * @param digest of the logo as it came: `sha256:…`
 * @throws AppError `not_found`, also where no picture can be made of it
 */
export async function readLogo(actor: Actor, digest: string, size: LogoSize): Promise<Uint8Array> {
  authorize(actor, 'pack.get')
  const { tenantId } = actor
  const known = await findPicture(tenantId, digest, size)
  if (known?.bytes) return known.bytes
  if (known) throw noPicture()
  const key = `${tenantId} ${digest}`
  const running = drawing.get(key) ?? draw(tenantId, digest).finally(() => drawing.delete(key))
  drawing.set(key, running)
  const drawn = await running
  if ('refused' in drawn) throw noPicture()
  return drawn.pictures[size === 'small' ? 0 : 1] ?? new Uint8Array()
}

/** The digest of the logo of one version. @throws AppError `not_found`, also where the pack has none */
export async function logoOf(actor: Actor, id: string): Promise<string> {
  authorize(actor, 'pack.get')
  const version = await findVersion(actor.tenantId, id)
  if (!version?.logoDigest) throw new AppError('not_found', 'This pack has no logo.')
  return version.logoDigest
}

const noPicture = () => new AppError('not_found', 'This pack has no logo that can be shown.')

async function draw(tenantId: string, digest: string): Promise<Drawn> {
  const drawn = await paint(tenantId, 'logo', async () => {
    const bytes = (await findContents(tenantId, [digest])).get(digest)
    if (!bytes) throw new AppError('not_found', 'There is no such logo.')
    return bytes
  })
  await insertPicture(tenantId, digest, drawn)
  return drawn
}
