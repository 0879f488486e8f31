import { changeApiKey, createApiKey, listApiKeys, readApiKey, removeApiKey } from '../../access/api-keys'
import { clientAddress } from '../../access/client-address'
import { listProjects } from '../../access/projects'
import { signIn } from '../../access/sign-in'
import { findUserById, type ShownApiKey } from '../../access/store'
import { readTenantName } from '../../access/tenant'
import { issueToken, readToken } from '../../access/token'
import { env } from '../../env'
import { AppError } from '../../errors'
import type { Handlers } from '../mount'
import type { accessOperations } from '../operations/access'
import { toTime, ZERO_TIME } from '../wire/parts'

function toWire(key: ShownApiKey) {
  return {
    metadata: {
      name: key.name,
      uid: key.id,
      creationTimestamp: toTime(key.createdAt),
      lastModifiedTimestamp: toTime(key.updatedAt),
    },
    spec: {
      expiry: toTime(key.expiresAt),
      key: `${key.hint}…`,
      user: { uid: key.user.id, firstName: key.user.name, lastName: '' },
    },
    status: { isActive: key.active, packyard: { lastUsedTime: key.lastUsedAt?.toISOString() ?? null } },
  }
}

/** The zero time of the wire stands for "never". */
const ZERO_MS = Date.parse(ZERO_TIME)
const toDate = (time: string | undefined) => (time && Date.parse(time) !== ZERO_MS ? new Date(time) : null)

export const accessHandlers: Handlers<typeof accessOperations> = {
  async authenticate({ body }, { request }) {
    const address = clientAddress(request.headers.get('x-forwarded-for'))
    const user = await signIn(body.emailId, body.password, address)
    return { Authorization: issueToken(user, env().NEXTAUTH_SECRET), isMfa: false }
  },
  async refreshToken({ params }) {
    const claims = readToken(params.token, env().NEXTAUTH_SECRET)
    const user = claims && (await findUserById(claims.sub))
    if (!user || user.disabledAt || user.sessionVersion !== claims.sessionVersion)
      throw new AppError('unauthenticated', 'This token is over. Sign in again.')
    return { Authorization: issueToken(user, env().NEXTAUTH_SECRET), isMfa: false }
  },
  whoAmI: async (_, { actor }) => ({
    orgName: await readTenantName(actor),
    tenantUid: actor.tenantId,
    userUid: actor.id,
  }),
  listApiKeys: async (_, { actor }) => ({ items: (await listApiKeys(actor)).map(toWire) }),
  async createApiKey({ body }, { actor }) {
    const { id, key } = await createApiKey(actor, {
      name: body.metadata.name,
      expiresAt: toDate(body.spec.expiry),
    })
    return { apiKey: key, uid: id }
  },
  readApiKey: async ({ params }, { actor }) => toWire(await readApiKey(actor, params.uid)),
  updateApiKey: ({ params, body }, { actor }) =>
    changeApiKey(actor, params.uid, {
      name: body.metadata?.name,
      ...(body.spec?.expiry !== undefined && { expiresAt: toDate(body.spec.expiry) }),
    }),
  activateApiKey: ({ params, body }, { actor }) => changeApiKey(actor, params.uid, { active: body.isActive }),
  setApiKeyState: ({ params, body }, { actor }) => changeApiKey(actor, params.uid, { active: body.isActive }),
  deleteApiKey: ({ params }, { actor }) => removeApiKey(actor, params.uid),
  listProjectNames: async ({ query }, { actor }) => ({
    items: (await listProjects(actor))
      .filter((project) => query.name === '' || project.name === query.name)
      .map((project) => ({ metadata: { name: project.name, uid: project.id } })),
  }),
}
