import { z } from 'zod'

import { Name } from '../../access/schema'
import { operations } from '../operation'
import { ObjectMeta, ObjectMetaInput, Time, TimeInput, UidParams } from '../wire/parts'

const UserToken = z.strictObject({ Authorization: z.string(), isMfa: z.boolean() })

const ApiKey = z.strictObject({
  metadata: ObjectMeta,
  spec: z.strictObject({
    expiry: Time,
    /** Its first characters only. */
    key: z.string(),
    user: z.strictObject({ uid: z.string(), firstName: z.string(), lastName: z.string() }),
  }),
  status: z.strictObject({
    isActive: z.boolean(),
    packyard: z.strictObject({ lastUsedTime: Time.nullable() }),
  }),
})

const KeyName = ObjectMetaInput.extend({ name: Name })

export const accessOperations = operations({
  authenticate: {
    permission: 'public',
    status: 200,
    body: z.object({
      emailId: z.string().max(320),
      org: z.string().max(256).optional(),
      password: z.string().max(4096),
    }),
    response: UserToken,
    maxBodyBytes: 16_384,
  },
  refreshToken: {
    permission: 'public',
    status: 200,
    params: z.object({ token: z.string().max(4096) }),
    response: UserToken,
  },
  whoAmI: {
    permission: 'signed-in',
    status: 200,
    response: z.strictObject({ orgName: z.string(), tenantUid: z.string(), userUid: z.string() }),
  },
  listApiKeys: {
    permission: 'apiKey.list',
    status: 200,
    response: z.strictObject({ items: z.array(ApiKey) }),
  },
  createApiKey: {
    permission: 'apiKey.create',
    status: 201,
    body: z.object({
      metadata: KeyName,
      spec: z.object({ expiry: TimeInput.optional() }).default({}),
    }),
    response: z.strictObject({ apiKey: z.string(), uid: z.string() }),
  },
  readApiKey: { permission: 'apiKey.get', status: 200, params: UidParams, response: ApiKey },
  updateApiKey: {
    permission: 'apiKey.update',
    status: 204,
    params: UidParams,
    body: z.object({
      metadata: KeyName.partial().optional(),
      spec: z.object({ expiry: TimeInput.optional() }).optional(),
    }),
  },
  activateApiKey: {
    permission: 'apiKey.update',
    status: 204,
    params: UidParams,
    body: z.object({ isActive: z.boolean() }),
  },
  setApiKeyState: {
    permission: 'apiKey.update',
    status: 204,
    params: UidParams,
    body: z.object({ isActive: z.boolean() }),
  },
  deleteApiKey: { permission: 'apiKey.delete', status: 204, params: UidParams },
  listProjectNames: {
    permission: 'signed-in',
    status: 200,
    query: z.object({ name: z.string().max(256).default('') }),
    response: z.strictObject({
      items: z.array(z.strictObject({ metadata: z.strictObject({ name: z.string(), uid: z.string() }) })),
    }),
  },
})
