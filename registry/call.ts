import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'

import type { Actor } from './auth'
import type { Config } from './config/schema'
import type { At, Route } from './route'
import type { Storage } from './storage/storage'

/** One request on its way through: what a handler gets. */
export interface Call<A extends At = At> {
  route: Extract<Route, { at: A }>
  query: URLSearchParams
  actor: Actor
  request: FastifyRequest
  reply: FastifyReply
  storage: Storage
  config: Config
  log: Logger
}

/** Answers a request. What it returns is sent as JSON, unless it is the reply itself. */
export type Handler<A extends At> = (call: Call<A>) => unknown
