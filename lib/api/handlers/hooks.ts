import { clientAddress } from '../../access/client-address'
import { env } from '../../env'
import { endHook, makeHook } from '../../hooks/change'
import { readHook } from '../../hooks/read'
import { receiveHook } from '../../hooks/receive'
import { SIGNATURE_HEADER } from '../../pack-format/notification'
import type { Handlers } from '../mount'
import type { hookOperations } from '../operations/hooks'
import { ROUTES } from '../routes'

const urlOf = (uid: string) => new URL(ROUTES.receiveHook[1].replace('{uid}', uid), env().PACKYARD_URL).href

export const hookHandlers: Handlers<typeof hookOperations> = {
  async readHook({ params }, { actor }) {
    const hook = await readHook(actor, params.uid)
    return {
      url: urlOf(params.uid),
      on: hook !== null,
      madeTime: hook?.madeAt.toISOString() ?? null,
      heardTime: hook?.heardAt?.toISOString() ?? null,
    }
  },
  async makeHook({ params }, { actor }) {
    return { url: urlOf(params.uid), secret: await makeHook(actor, params.uid) }
  },
  endHook: ({ params }, { actor }) => endHook(actor, params.uid),
  async receiveHook({ params }, { request }) {
    await receiveHook(params.uid, {
      signature: request.headers.get(SIGNATURE_HEADER) ?? '',
      body: new Uint8Array(await request.arrayBuffer()),
      address: clientAddress(request.headers.get('x-forwarded-for')),
    })
  },
}
