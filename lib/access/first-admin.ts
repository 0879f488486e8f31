import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { newUid } from '../uid'
import type { Actor } from './actor'
import { hashPassword, PASSWORD_MAX, PASSWORD_MIN } from './password'
import {
  countUsers,
  findTenants,
  findUserByEmail,
  firstAdmin,
  forgetFailures,
  insertTenant,
  insertUser,
  setPassword,
} from './store'

const EMAIL = /^[^\s@]+@[^\s@]+$/
const EMAIL_MAX = 320

/** The launcher itself, acting in one tenant. */
export const launcher = (tenantId: string): Actor => ({
  kind: 'system',
  id: 'system',
  name: 'Packyard',
  tenantId,
  projectId: null,
  role: 'system',
  requestId: 'launcher',
})

/**
 * Makes the first tenant, its project *Default* and its admin, where there is nobody yet.
 *
 * The only verbs that know no actor: whoever runs the launcher holds the database already.
 *
 * @returns whether somebody was made now
 * @throws AppError `invalid` when the email is none or the password too short
 */
export async function makeFirstAdmin(input: { email: string; password: string }): Promise<boolean> {
  const email = input.email.trim().toLowerCase()
  if (!EMAIL.test(email) || email.length > EMAIL_MAX)
    throw new AppError('invalid', `"${input.email}" is no email address.`, {
      fields: { email: 'No email address' },
    })
  checkPassword(input.password)
  if ((await countUsers()) > 0) return false
  // A start that was interrupted here has left a tenant without people.
  const [left] = await findTenants()
  const tenant = left ?? (await insertTenant({ id: newUid(), name: 'Default', projectId: newUid() }))
  const id = newUid()
  await insertUser({
    id,
    tenantId: tenant.id,
    email,
    name: 'Administrator',
    passwordHash: await hashPassword(input.password),
    role: 'tenant-admin',
  })
  await recordAudit(launcher(tenant.id), {
    action: 'create',
    kind: 'user',
    id,
    name: email,
    message: 'Made the first admin',
  })
  return true
}

export interface FirstAdmin {
  email: string
  tenantId: string
  hasSignedIn: boolean
}

/** The tenant admin who was there first. @returns null before the first start */
export async function readFirstAdmin(): Promise<FirstAdmin | null> {
  const admin = await firstAdmin()
  return admin && { email: admin.email, tenantId: admin.tenantId, hasSignedIn: admin.lastSignInAt !== null }
}

/**
 * Gives an admin a new password. Ends the sessions and tokens made with the old one, lets a disabled account in again
 * and forgets failed sign-ins.
 *
 * @param email of whom; absent: the admin who was there first
 * @throws AppError `not_found`; `invalid` when the password is too short
 */
export async function resetAdmin(password: string, email?: string): Promise<{ email: string }> {
  checkPassword(password)
  const admin = email ? await findUserByEmail(email.trim().toLowerCase()) : await firstAdmin()
  if (admin?.role !== 'tenant-admin')
    throw new AppError('not_found', email ? `There is no admin ${email}.` : 'There is no admin yet.')
  await setPassword(admin.id, await hashPassword(password))
  await forgetFailures(`account:${admin.email}`)
  await recordAudit(launcher(admin.tenantId), {
    action: 'update',
    kind: 'user',
    id: admin.id,
    name: admin.email,
    message: 'Set a new password on the command line',
  })
  return { email: admin.email }
}

function checkPassword(password: string): void {
  if (password.length >= PASSWORD_MIN && password.length <= PASSWORD_MAX) return
  throw new AppError('invalid', `A password has ${PASSWORD_MIN} to ${PASSWORD_MAX} characters.`, {
    fields: { password: `Use ${PASSWORD_MIN} to ${PASSWORD_MAX} characters` },
  })
}
