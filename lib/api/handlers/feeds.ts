import { env } from '../../env'
import type { Feed } from '../../feeds/entries'
import { toAtom, toJsonFeed } from '../../feeds/formats'
import { etagOf, isFresh } from '../../feeds/fresh'
import { readFeed } from '../../feeds/read'
import { createFeedToken, listFeedTokens, readerOf, removeFeedToken } from '../../feeds/tokens'
import { authenticate } from '../authenticate'
import type { Door, Handlers } from '../mount'
import type { Call } from '../operation'
import type { feedOperations } from '../operations/feeds'
import { ROUTES } from '../routes'

type Ask = Call<(typeof feedOperations)['readAtomFeed']>

async function answer(
  { query }: Ask,
  { request, requestId }: Door<null>,
  path: string,
  type: string,
  write: (feed: Feed, selfUrl: string) => string,
): Promise<Response> {
  const actor = query.token ? await readerOf(query.token, requestId) : await authenticate(request, requestId)
  const wanted = { registryId: query.registryUid, name: query.name || undefined, kinds: query.kind }
  const feed = await readFeed(actor, wanted, env().PACKYARD_URL)
  const self = new URL(path, env().PACKYARD_URL)
  self.search = new URL(request.url).search
  // What proves who reads it stands in no feed: readers pass feeds on.
  self.searchParams.delete('token')
  const body = write(feed, self.href)
  const etag = etagOf(body)
  const headers = {
    etag,
    'last-modified': feed.updatedAt.toUTCString(),
    'cache-control': 'private, no-cache',
    vary: 'Cookie, Authorization, ApiKey',
    'content-type': type,
    'content-security-policy': "default-src 'none'; sandbox",
  }
  if (isFresh(request.headers, etag, feed.updatedAt)) return new Response(null, { status: 304, headers })
  return new Response(body, { status: 200, headers })
}

export const feedHandlers: Handlers<typeof feedOperations> = {
  readAtomFeed: (call, door) =>
    answer(call, door, ROUTES.readAtomFeed[1], 'application/atom+xml; charset=utf-8', toAtom),
  readJsonFeed: (call, door) =>
    answer(call, door, ROUTES.readJsonFeed[1], 'application/feed+json; charset=utf-8', toJsonFeed),
  async listFeedTokens(_, { actor }) {
    const items = await listFeedTokens(actor)
    return {
      items: items.map(({ id, name, createdAt, lastUsedAt }) => ({
        ...{ uid: id, name, createdTime: createdAt.toISOString() },
        lastUsedTime: lastUsedAt?.toISOString() ?? null,
      })),
    }
  },
  async createFeedToken({ body }, { actor }) {
    const { id, token } = await createFeedToken(actor, body.name)
    return { uid: id, token }
  },
  deleteFeedToken: ({ params }, { actor }) => removeFeedToken(actor, params.uid),
}
