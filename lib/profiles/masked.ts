import { keyRing } from '../crypto/operator-keys'
import { open, SealError, seal } from '../crypto/seal'
import { AppError } from '../errors'
import { MASK, type Variable } from './variable'

/** What masked defaults are bound to: the profile version. They open nowhere else. */
export const maskedOwner = (profileId: string): string =>
  JSON.stringify({ secretOf: 'profile', id: profileId })

/** Variables as they are kept: masked defaults apart, sealed; what can be read says no more than that there is one. */
export interface MaskedVariables {
  variables: Variable[]
  /** Null where no default is masked. */
  sealed: string | null
}

/**
 * Takes masked defaults out of variables and seals them.
 *
 * @param id of the profile that they are for
 * @param held what asterisks stand for: the defaults of this profile until now, or of the one that it is made from
 * @throws AppError `invalid` at the variable whose masked default is not known; `conflict` where the held ones do not open
 */
export function maskVariables(
  id: string,
  variables: readonly Variable[],
  held: { id: string; sealed: string | null } | null,
): MaskedVariables {
  const asksForHeld = variables.some((one) => one.defaultValue === MASK)
  const known = asksForHeld && held?.sealed ? openHeld(held.id, held.sealed) : {}
  const secrets: Record<string, string> = {}
  const masked = variables.map((one, at) => {
    const { name, defaultValue, isSensitive } = one
    if (!isSensitive) {
      // Asterisks that stood for a masked default are no default: nobody gets to see it by unmasking.
      if (defaultValue === MASK && Object.hasOwn(known, name)) throw enterAgain(name, at)
      return one
    }
    if (defaultValue === '') return one
    const secret =
      defaultValue === MASK ? (Object.hasOwn(known, name) ? known[name] : undefined) : defaultValue
    if (secret === undefined) throw enterAgain(name, at)
    secrets[name] = secret
    return { ...one, defaultValue: MASK }
  })
  const isAny = Object.keys(secrets).length > 0
  return {
    variables: masked,
    sealed: isAny ? seal(JSON.stringify(secrets), maskedOwner(id), keyRing()) : null,
  }
}

const enterAgain = (name: string, at: number): AppError => {
  const message = `Enter the default of ${name} again: it is masked, and nobody can read it.`
  return new AppError('invalid', message, { fields: { [`spec.variables.${at}.defaultValue`]: message } })
}

function openHeld(id: string, sealed: string): Record<string, string> {
  try {
    return openMasked(id, sealed)
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause
    const message = `The masked defaults of this profile do not open. ${cause.message} Enter them again, or put the key back.`
    throw new AppError('conflict', message, { cause })
  }
}

/** @throws SealError */
function openMasked(id: string, sealed: string): Record<string, string> {
  const secrets: [string, string][] = Object.entries(JSON.parse(open(sealed, maskedOwner(id), keyRing())))
  return Object.assign(Object.create(null), Object.fromEntries(secrets))
}

/** Whether both mean the same masked defaults. @throws AppError `conflict` where they do not open */
export function sameMasked(a: { id: string; sealed: string | null }, b: typeof a): boolean {
  const [x, y] = [a, b].map(({ id, sealed }) => (sealed ? openHeld(id, sealed) : {}))
  const names = Object.keys(x ?? {})
  return (
    names.length === Object.keys(y ?? {}).length &&
    names.every((name) => (x as Record<string, string>)[name] === (y as Record<string, string>)[name])
  )
}

/** The same sealed with the present key, for the operator's command. @throws SealError */
export const sealMaskedAnew = (id: string, sealed: string): string =>
  seal(open(sealed, maskedOwner(id), keyRing()), maskedOwner(id), keyRing())
