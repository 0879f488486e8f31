import type { z } from 'zod'

import { type OperationId, ROUTES } from '../api/routes'
import type { Table } from '../api/table'

export type { OperationId }

/** What the API answers when it refuses. `details` is what the operation says of it, for example the steps of a check. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: unknown,
    /** The request's id: what to give to whoever reads the logs. */
    readonly ref: string,
  ) {
    super(message)
  }
}

type In<T, K extends string> = K extends keyof T ? (T[K] extends z.ZodType ? z.input<T[K]> : never) : never
type Optional<T, K extends 'params' | 'query' | 'body', O extends boolean> = K extends keyof T
  ? O extends true
    ? { [P in K]?: In<T, K> }
    : { [P in K]: In<T, K> }
  : unknown

/** What an operation wants. */
export type Request<K extends OperationId> = Optional<Table[K], 'params', false> &
  Optional<Table[K], 'query', true> &
  Optional<Table[K], 'body', false>

/** What an operation answers. */
export type Answer<K extends OperationId> = Table[K] extends { response: infer S extends z.ZodType }
  ? z.output<S>
  : undefined

export interface Transport {
  /** Empty in the browser: the page's own origin. */
  baseUrl?: string
  headers?: Record<string, string>
  fetch?: typeof fetch
}

/** The path of an operation, for links to what the API serves as files. */
export function pathOf(id: OperationId, params: Record<string, string> = {}): string {
  return ROUTES[id][1].replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
}

interface Options {
  signal?: AbortSignal
  transport?: Transport
}

/**
 * Calls one operation of the public API.
 *
 * @throws ApiError when the API refuses; TypeError when it cannot be reached
 */
export async function call<K extends OperationId>(
  id: K,
  request: Request<K>,
  options: Options = {},
): Promise<Answer<K>> {
  const response = await open(id, request, options)
  return (response.status === 204 || response.status === 202 ? undefined : await response.json()) as Answer<K>
}

/** The same for an operation that answers with a file: its body is read by the caller. */
export async function open<K extends OperationId>(
  id: K,
  request: Request<K>,
  { signal, transport = {} }: Options = {},
): Promise<Response> {
  const { params, query, body } = request as {
    params?: Record<string, string>
    query?: Record<string, unknown>
    body?: unknown
  }
  const search = new URLSearchParams(
    Object.entries(query ?? {}).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    ),
  ).toString()
  const response = await (transport.fetch ?? fetch)(
    `${transport.baseUrl ?? ''}${pathOf(id, params)}${search ? `?${search}` : ''}`,
    {
      method: ROUTES[id][0],
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...transport.headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    },
  )
  if (!response.ok) throw await toError(response)
  return response
}

async function toError(response: Response): Promise<ApiError> {
  const body = await response.json().catch(() => null)
  return new ApiError(
    response.status,
    String(body?.code ?? 'Unreachable'),
    String(body?.message ?? `The console answered ${response.status}. Try again.`),
    body?.details,
    String(body?.ref ?? ''),
  )
}
