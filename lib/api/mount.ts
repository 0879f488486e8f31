import { randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { metrics } from '../metrics'
import { parse } from '../parse'
import { authenticate } from './authenticate'
import { apiDocument } from './document'
import { toErrorResponse } from './errors'
import type { Call, Operation, Result } from './operation'
import { type OperationId, ROUTES } from './routes'
import { TABLE, type Table } from './table'

const DEFAULT_BODY_BYTES = 1024 * 1024
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/

/** What a handler gets besides the call: who asks, the request itself, and headers to answer with. */
export interface Door<A = Actor> {
  actor: A
  request: Request
  requestId: string
  headers: Headers
}

type Handler<T extends Operation> = (
  call: Call<T>,
  door: Door<T extends { permission: 'public' } ? null : Actor>,
) => Promise<Result<T>>

/** The compiler demands one handler for each operation of the table. */
export type Handlers<T = Table> = { [K in keyof T]: T[K] extends Operation ? Handler<T[K]> : never }

type Env = { Variables: { requestId: string; operation?: OperationId } }

/** Serves the operations of the table: validates what comes in and what goes out, authenticates, maps errors. */
export function mount(handlers: Handlers): Hono<Env> {
  const app = new Hono<Env>()
  app.use(async (context, next) => {
    const given = context.req.header('x-request-id')
    const requestId = given && REQUEST_ID.test(given) ? given : randomUUID()
    context.set('requestId', requestId)
    const began = performance.now()
    await next()
    const seconds = (performance.now() - began) / 1000
    metrics.countRequest(context.get('operation') ?? 'none', context.res.status, seconds)
    context.res.headers.set('x-request-id', requestId)
    if (!context.res.headers.has('cache-control')) context.res.headers.set('cache-control', 'no-store')
  })
  app.onError((error, context) => toErrorResponse(error, context.get('requestId'), context.req.raw))
  app.notFound((context) =>
    toErrorResponse(new AppError('not_found', 'There is no such operation.'), context.get('requestId')),
  )
  app.get('/v1/openapi.json', (context) =>
    context.body(apiDocument(), 200, { 'content-type': 'application/json', 'cache-control': 'no-cache' }),
  )
  for (const [id, operation] of Object.entries(TABLE) as [OperationId, Operation][]) {
    const [method, path] = ROUTES[id]
    app.on(
      method,
      path.replaceAll(/\{(\w+)\}/g, ':$1'),
      (context, next) => {
        context.set('operation', id)
        return next()
      },
      bodyLimit({
        maxSize: operation.maxBodyBytes ?? DEFAULT_BODY_BYTES,
        onError: () => {
          throw new AppError('too_large', 'The request is too large.')
        },
      }),
      (context) => serve(context, id, operation, handlers[id] as unknown as Handler<Operation>),
    )
  }
  return app
}

async function serve(
  context: Context<Env>,
  id: OperationId,
  operation: Operation,
  handler: Handler<Operation>,
): Promise<Response> {
  const request = context.req.raw
  const requestId = context.get('requestId')
  const actor = operation.permission === 'public' ? null : await authenticate(request, requestId)
  // The verb checks too; here it comes before the input is looked at.
  if (actor && operation.permission !== 'public' && operation.permission !== 'signed-in')
    authorize(actor, operation.permission)
  const headers = new Headers()
  const call = {
    params: operation.params && parse(operation.params, mustBeTexts(context.req.param())),
    query: operation.query && parse(operation.query, mustBeTexts(context.req.query())),
    body: operation.body && parse(operation.body, await readJson(context)),
  }
  const result: unknown = await handler(call as never, { actor: actor as Actor, request, requestId, headers })
  if (result instanceof Response) return result
  if (!operation.response) return new Response(null, { status: operation.status, headers })
  const answer = operation.response.safeParse(result)
  if (!answer.success) throw new Error(`${id}: the answer breaks the contract: ${answer.error.message}`)
  return Response.json(answer.data, { status: operation.status, headers })
}

/** The database keeps neither the NUL character nor half a character. */
const isText = (value: string) => !value.includes('\0') && !/\p{Surrogate}/u.test(value)

function mustBeTexts(values: Record<string, string>): Record<string, string> {
  if (!Object.values(values).every(isText))
    throw new AppError('invalid', 'The address holds characters that no text may hold.')
  return values
}

async function readJson(context: Context): Promise<unknown> {
  const text = await context.req.text()
  if (text === '') return {}
  const type = context.req.header('content-type') ?? ''
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type))
    throw new AppError('invalid', 'Send the body as JSON, with "Content-Type: application/json".')
  try {
    return JSON.parse(text, (key, value) => {
      if (!isText(key) || (typeof value === 'string' && !isText(value)))
        throw new AppError('invalid', `The body holds characters that no text may hold, at "${key}".`)
      // Programs written in Go send null for a list that they leave out.
      return value === null ? undefined : value
    })
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('invalid', 'The body is no JSON.', { cause })
  }
}
