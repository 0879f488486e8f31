import { asOperator, inTenant, operatorSql } from '../db/in-tenant'
import { isUniqueViolation } from '../db/violations'
import { AppError } from '../errors'

// Before a person is known there is no tenant: these look in all of them.

export const findUserByEmail = (email: string) =>
  asOperator().user.findUnique({ where: { email }, include: { tenant: { select: { name: true } } } })

/** Of a person what every request asks for. */
export interface Person {
  id: string
  tenantId: string
  tenantName: string
  name: string
  email: string
  role: string
  sessionVersion: number
  disabledAt: Date | null
}

const PERSON = `u.id, u.tenant_id AS "tenantId", t.name AS "tenantName", u.name, u.email, u.role,
  u.session_version AS "sessionVersion", u.disabled_at AS "disabledAt"`

/** By SQL, and one statement: each request begins with this. */
export async function findUserById(id: string): Promise<Person | null> {
  const { rows } = await operatorSql().query({
    name: 'person-by-id',
    text: `SELECT ${PERSON} FROM app_user u JOIN tenant t ON t.id = u.tenant_id WHERE u.id = $1`,
    values: [id],
  })
  return rows[0] ?? null
}

export interface HeldKey {
  keyId: string
  active: boolean
  expiresAt: Date | null
  lastUsedAt: Date | null
}

/** A key with its person. By SQL: see findUserById. */
export async function findApiKeyByHash(hash: string): Promise<(Person & HeldKey) | null> {
  const { rows } = await operatorSql().query({
    name: 'person-by-key',
    text: `SELECT ${PERSON}, k.id AS "keyId", k.active, k.expires_at AS "expiresAt", k.last_used_at AS "lastUsedAt"
      FROM api_key k JOIN app_user u ON u.tenant_id = k.tenant_id AND u.id = k.user_id
      JOIN tenant t ON t.id = u.tenant_id WHERE k.hash = $1`,
    values: [hash],
  })
  return rows[0] ?? null
}

export const noteSignIn = (tenantId: string, id: string) =>
  inTenant(tenantId).user.update({ where: { id }, data: { lastSignInAt: new Date() }, select: { id: true } })

const USED_EVERY_MS = 60_000

/** At most once a minute, so that a busy key does not write at each request. */
export async function noteKeyUse(
  { tenantId, keyId, lastUsedAt }: Pick<Person & HeldKey, 'tenantId' | 'keyId' | 'lastUsedAt'>,
  now = new Date(),
): Promise<void> {
  const before = new Date(now.getTime() - USED_EVERY_MS)
  if (lastUsedAt && lastUsedAt >= before) return
  await inTenant(tenantId).apiKey.updateMany({
    where: { id: keyId, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: before } }] },
    data: { lastUsedAt: now },
  })
}

export const readThrottle = (keys: string[]) =>
  asOperator().signInThrottle.findMany({ where: { key: { in: keys } } })

/** Counts a failure; after a quiet hour the count begins anew. */
export const countFailure = (key: string) =>
  operatorSql().query(
    `INSERT INTO sign_in_throttle (key, failures, last_failed_at) VALUES ($1, 1, now())
     ON CONFLICT (key) DO UPDATE SET last_failed_at = now(), failures =
       CASE WHEN sign_in_throttle.last_failed_at < now() - interval '1 hour' THEN 1
            ELSE sign_in_throttle.failures + 1 END`,
    [key],
  )

/** Those that count no more: see countFailure. @returns how many */
export async function deleteOldFailures(): Promise<number> {
  const { rowCount } = await operatorSql().query(
    `DELETE FROM sign_in_throttle WHERE last_failed_at < now() - interval '1 hour'`,
  )
  return rowCount ?? 0
}

export const forgetFailures = (key: string) => asOperator().signInThrottle.deleteMany({ where: { key } })

export const countUsers = () => asOperator().user.count()

export const findTenants = () => asOperator().tenant.findMany({ orderBy: { createdAt: 'asc' } })

export const insertTenant = (data: { id: string; name: string; projectId: string }) =>
  asOperator().tenant.create({
    data: { id: data.id, name: data.name, projects: { create: { id: data.projectId, name: 'Default' } } },
  })

export const insertUser = (data: {
  id: string
  tenantId: string
  email: string
  name: string
  passwordHash: string
  role: string
}) => asOperator().user.create({ data })

/** Also ends the person's sessions and tokens. */
export const setPassword = (id: string, passwordHash: string) =>
  asOperator().user.update({
    where: { id },
    data: { passwordHash, disabledAt: null, sessionVersion: { increment: 1 } },
  })

export const firstAdmin = () =>
  asOperator().user.findFirst({ where: { role: 'tenant-admin' }, orderBy: { createdAt: 'asc' } })

const shownKey = {
  id: true,
  name: true,
  hint: true,
  active: true,
  expiresAt: true,
  lastUsedAt: true,
  createdAt: true,
  updatedAt: true,
  user: { select: { id: true, name: true } },
} as const

export const findApiKeys = (tenantId: string) =>
  inTenant(tenantId).apiKey.findMany({ select: shownKey, orderBy: { createdAt: 'desc' } })

export const findApiKey = (tenantId: string, id: string) =>
  inTenant(tenantId).apiKey.findUnique({ where: { id }, select: shownKey })

export type ShownApiKey = Awaited<ReturnType<typeof findApiKeys>>[number]

/** @throws AppError `conflict` when the person has a key of that name */
async function unlessTaken<T>(name: string | undefined, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (!isUniqueViolation(cause)) throw cause
    throw new AppError('conflict', `There is an API key named "${name}" already. Choose another name.`, {
      cause,
      fields: { 'metadata.name': 'Already taken' },
    })
  }
}

export const insertApiKey = (
  tenantId: string,
  data: { id: string; userId: string; name: string; hash: string; hint: string; expiresAt: Date | null },
) =>
  unlessTaken(
    data.name,
    inTenant(tenantId).apiKey.create({ data: { ...data, tenantId }, select: { id: true } }),
  )

export const updateApiKey = (
  tenantId: string,
  id: string,
  data: { name?: string; active?: boolean; expiresAt?: Date | null },
) => unlessTaken(data.name, inTenant(tenantId).apiKey.updateMany({ where: { id }, data }))

export const deleteApiKey = (tenantId: string, id: string) =>
  inTenant(tenantId).apiKey.deleteMany({ where: { id } })

export const findProjects = (tenantId: string) =>
  inTenant(tenantId).project.findMany({
    where: { tenantId },
    select: { id: true, name: true },
    orderBy: { name: 'asc' },
  })

export const findProject = (tenantId: string, id: string) =>
  inTenant(tenantId).project.findUnique({ where: { tenantId_id: { tenantId, id } }, select: { id: true } })

export const findTenant = (tenantId: string) =>
  inTenant(tenantId).tenant.findUnique({ where: { id: tenantId }, select: { name: true } })
