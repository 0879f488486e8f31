import type { z } from 'zod'

import type { Permission } from '../access/authorize'
import type { OperationId } from './routes'

/** One operation of the public API: what goes in, what comes out, who may. Its path is in routes.ts. */
export interface Operation {
  /** `public` needs no sign-in; `signed-in` anybody who is signed in. The verb checks again. */
  permission: Permission | 'public' | 'signed-in'
  status: 200 | 201 | 202 | 204
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  /** Exact: a field that is not in it is a 500 in a test and not a leak. */
  response?: z.ZodType
  /** The response is bytes or a stream, made by the handler itself. */
  raw?: true
  /** The largest body that is read, in bytes. */
  maxBodyBytes?: number
}

/** The operations of one resource. */
export const operations = <const T extends Partial<Record<OperationId, Operation>>>(table: T): T => table

type Out<T> = T extends z.ZodType ? z.output<T> : undefined
type Get<T, K extends string> = K extends keyof T ? T[K] : undefined

/** What a handler gets, after validation. */
export interface Call<T extends Operation> {
  params: Out<Get<T, 'params'>>
  query: Out<Get<T, 'query'>>
  body: Out<Get<T, 'body'>>
}

/** What a handler gives back. */
export type Result<T extends Operation> = T extends { raw: true }
  ? Response
  : T extends { response: infer S extends z.ZodType }
    ? z.input<S>
    : void
