import { Validator } from '@seriousme/openapi-schema-validator'
import { beforeAll, expect, test } from 'vitest'

import { apiDocument } from './document'
import { ROUTES } from './routes'
import { TABLE } from './table'

interface Described {
  operationId: string
  summary: string
  security?: object[]
  parameters?: { in: string; name: string; required?: boolean }[]
  requestBody?: object
  responses: Record<string, object>
}
let document: { openapi: string; paths: Record<string, Record<string, Described>> }
beforeAll(() => {
  document = JSON.parse(apiDocument())
})

test('the document is valid OpenAPI 3.1, with every reference resolved', async () => {
  const validator = new Validator()
  expect(await validator.validate(JSON.parse(apiDocument()))).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
  const broken = { ...JSON.parse(apiDocument()), paths: { '/x': { get: { responses: 1 } } } }
  expect((await new Validator().validate(broken)).valid).toBe(false)
  expect(() => validator.resolveRefs()).not.toThrow()
})

test('it describes every operation that is served, and no other', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => [operationId, method.toUpperCase(), path]),
  )
  const served = Object.entries(ROUTES).map(([id, [method, path]]) => [id, method, path])
  expect(described.sort()).toEqual(served.sort())
})

test('each has the parameters of its path, its body, its answer and the error', () => {
  for (const [id, [method, path]] of Object.entries(ROUTES)) {
    const one = document.paths[path]?.[method.toLowerCase()]
    if (!one) throw new Error(`${id} is not described`)
    const { parameters = [], requestBody, responses } = one
    const inPath = parameters.filter((one) => one.in === 'path')
    expect(inPath.map((one) => one.name).sort(), id).toEqual(
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(),
    )
    expect(
      inPath.every((one) => one.required),
      id,
    ).toBe(true)
    const operation: { body?: unknown; status: number } = TABLE[id as keyof typeof TABLE]
    expect(requestBody !== undefined, id).toBe(operation.body !== undefined)
    expect(Object.keys(responses), id).toEqual([String(operation.status), 'default'])
  }
})

test('nobody has to sign in for what is public, and a body may leave out what has a default', () => {
  expect(document.paths['/v1/auth/authenticate']?.post?.security).toEqual([])
  expect(document.paths['/v1/users/info']?.get?.security).toBeUndefined()
  const body = JSON.stringify(document.paths['/v1/packyard/registries/check']?.post?.requestBody)
  expect(JSON.parse(body).content['application/json'].schema.required ?? []).not.toContain('kind')
})
