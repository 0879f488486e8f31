import type { Handler } from '../call'

export const getHealth: Handler<'health'> = ({ reply, storage }) => {
  if (storage.failure) reply.code(503)
  return { status: storage.failure ? 'DOWN' : 'UP' }
}

/** Tells a client that this is a registry and that its credentials are right. */
export const getProbe: Handler<'probe'> = () => ({})
