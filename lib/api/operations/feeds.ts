import { z } from 'zod'

import { Name } from '../../access/schema'
import { ChangeKind } from '../../catalog/schema'
import { UID } from '../../uid'
import { operations } from '../operation'
import { listOf } from '../wire/change'
import { Time, UidParams } from '../wire/parts'

/** What a feed is about; who reads it: a token, or as with any other operation. */
const FeedQuery = z.object({
  token: z.string().max(256).default(''),
  registryUid: z.string().regex(UID, 'A uid is 24 hex digits').optional(),
  name: z.string().max(256).default(''),
  kind: z.union([
    z.literal('all').transform(() => ChangeKind.options),
    listOf(ChangeKind, ChangeKind.options.length),
  ]),
})

export const feedOperations = operations({
  /** Both ask for a sign-in themselves: feed readers send no headers. */
  readAtomFeed: { permission: 'public', status: 200, query: FeedQuery, raw: true },
  readJsonFeed: { permission: 'public', status: 200, query: FeedQuery, raw: true },
  listFeedTokens: {
    permission: 'feedToken.list',
    status: 200,
    response: z.strictObject({
      items: z.array(
        z.strictObject({
          uid: z.string(),
          name: z.string(),
          createdTime: Time,
          lastUsedTime: Time.nullable(),
        }),
      ),
    }),
  },
  createFeedToken: {
    permission: 'feedToken.create',
    status: 201,
    body: z.object({ name: Name }),
    response: z.strictObject({ uid: z.string(), token: z.string() }),
  },
  deleteFeedToken: { permission: 'feedToken.delete', status: 204, params: UidParams },
})
