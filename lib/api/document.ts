import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'

import packageJson from '../../package.json'
import type { Operation } from './operation'
import { type OperationId, ROUTES } from './routes'
import { TABLE } from './table'
import { ErrorBody } from './wire/parts'

const STATUS_WORDS: Record<Operation['status'], string> = {
  200: 'Done.',
  201: 'Created.',
  202: 'Taken: it is done later.',
  204: 'Done. There is nothing to say.',
}

const ABOUT = `The public API of the console, which its own pages and command line use.

Sign in with an API key in the header \`ApiKey\`, or with the token of \`POST /v1/auth/authenticate\` in the header
\`Authorization\`. A project is chosen by its uid in the header \`ProjectUid\`. Every error has the same shape, and \`ref\` is
where the console's log knows it.

What the original has no place for stands under \`/v1/packyard/\`, and in the objects \`packyard\` of its shapes.`

let made: string | undefined

/** The OpenAPI 3.1 document of every operation, made of the very schemas that requests and answers are checked by. */
export function apiDocument(): string {
  made ??= JSON.stringify(
    createDocument({
      openapi: '3.1.0',
      info: {
        ...{ title: 'Packyard', version: packageJson.version, description: ABOUT },
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      security: [{ apiKey: [] }, { token: [] }],
      paths: paths(),
      components: {
        securitySchemes: {
          apiKey: { type: 'apiKey', in: 'header', name: 'ApiKey' },
          token: {
            ...{ type: 'apiKey', in: 'header', name: 'Authorization' },
            description: 'The token as it stands, or after "Bearer ".',
          },
        },
        responses: {
          error: {
            description: 'It was refused, or it failed.',
            content: { 'application/json': { schema: ErrorBody.meta({ id: 'Error' }) } },
          },
        },
      },
    }),
  )
  return made
}

function paths(): ZodOpenApiPathsObject {
  const all: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const [id, operation] of Object.entries(TABLE) as [OperationId, Operation][]) {
    const [method, path] = ROUTES[id]
    all[path] = { ...all[path], [method.toLowerCase()]: describeOne(id, operation, path) }
  }
  return all as ZodOpenApiPathsObject
}

function describeOne(id: OperationId, operation: Operation, path: string): ZodOpenApiOperationObject {
  const { permission, params, query, body, response, status } = operation
  const isPublic = permission === 'public'
  const answer = response
    ? { content: { 'application/json': { schema: response } } }
    : operation.raw && { content: { '*/*': { schema: z.string().meta({ format: 'binary' }) } } }
  return {
    operationId: id,
    summary: inWords(id),
    tags: [tagOf(path)],
    ...(isPublic && { security: [] }),
    ...(!isPublic &&
      permission !== 'signed-in' && { description: `Needs the permission \`${permission}\`.` }),
    ...((params || query) && { requestParams: { ...(params && { path: params }), ...(query && { query }) } }),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [status]: { description: STATUS_WORDS[status], ...answer },
      default: { $ref: '#/components/responses/error' } as never,
    },
  }
}

/** `listPackRegistries` as people say it. */
const inWords = (id: string) =>
  `${id.charAt(0).toUpperCase()}${id.slice(1).replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`.replaceAll(
    /\b(?:api|oci)\b/g,
    (short) => short.toUpperCase(),
  )

/** The first part of the path that is a thing. */
const tagOf = (path: string) =>
  path.split('/').find((part) => part && !['v1', 'packyard', 'dashboard'].includes(part)) ?? ''
