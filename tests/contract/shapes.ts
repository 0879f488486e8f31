import type { OperationId } from '@/lib/api/routes'
import { ROUTES } from '@/lib/api/routes'

/** As much of Swagger 2.0 as the shapes use. */
export interface Shape {
  $ref?: string
  type?: string
  format?: string
  enum?: unknown[]
  required?: string[]
  properties?: Record<string, Shape>
  additionalProperties?: Shape | boolean
  items?: Shape
  uniqueItems?: boolean
  /** False: the original always writes it, so its clients count on it. */
  'x-omitempty'?: boolean
}

interface ShapeOfAnswer {
  schema?: Shape
  headers?: Record<string, Shape>
}

export interface Shapes {
  paths: Record<string, Record<string, { responses: Record<string, ShapeOfAnswer> }>>
  definitions: Record<string, Shape>
}

const withoutNames = (path: string) => path.replaceAll(/\{\w+\}/g, '{}')

/** Operations of our own stand under one prefix; every other one is the original's. */
export const isOwn = (id: OperationId): boolean => ROUTES[id][1].startsWith('/v1/packyard/')

export const ORIGINAL_IDS = (Object.keys(ROUTES) as OperationId[]).filter((id) => !isOwn(id))

/** What the original answers to an operation, by status. @throws Error when it has no such operation */
export function answersOf(shapes: Shapes, id: OperationId): Record<string, ShapeOfAnswer> {
  const [method, path] = ROUTES[id]
  const same = Object.entries(shapes.paths).filter(([one]) => withoutNames(one) === withoutNames(path))
  const found = same.map(([, operations]) => operations[method.toLowerCase()]).find(Boolean)
  if (!found) throw new Error(`The original has no ${method} ${path}`)
  return found.responses
}

const DEFINITION = '#/definitions/'

function follow(shapes: Shapes, shape: Shape): Shape {
  if (!shape.$ref) return shape
  const found = shapes.definitions[shape.$ref.slice(DEFINITION.length)]
  if (!found) throw new Error(`${shape.$ref} is not there`)
  return follow(shapes, found)
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * What is wrong with a value, read strictly: each property has to be known (our own `packyard` apart), required ones
 * and those that the original always writes have to be there, and nothing is null.
 */
export function problemsOf(shapes: Shapes, given: Shape, value: unknown, at = '$'): string[] {
  const shape = follow(shapes, given)
  const type = shape.type ?? (shape.properties ? 'object' : undefined)
  const wrong = (what: string) => [`${at}: ${what}`]
  if (type === 'object') return isMap(value) ? problemsOfMap(shapes, shape, value, at) : wrong('is no object')
  if (type === 'array') {
    if (!Array.isArray(value)) return wrong('is no list')
    const texts = value.map((one) => JSON.stringify(one))
    const twice = shape.uniqueItems && new Set(texts).size < texts.length ? wrong('holds an item twice') : []
    return [...twice, ...value.flatMap((one, i) => problemsOf(shapes, shape.items ?? {}, one, `${at}[${i}]`))]
  }
  if (type === 'integer' && !Number.isInteger(value)) return wrong('is no integer')
  if ((type === 'number' || type === 'boolean' || type === 'string') && typeof value !== type)
    return wrong(`is no ${type}`)
  if (shape.format === 'date-time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(String(value)))
    return wrong('is no time in UTC')
  if (shape.enum && !shape.enum.includes(value)) return wrong(`is none of ${shape.enum.join(', ')}`)
  return value === null || value === undefined ? wrong('is missing') : []
}

function problemsOfMap(shapes: Shapes, shape: Shape, value: Record<string, unknown>, at: string): string[] {
  const { properties = {}, additionalProperties: rest } = shape
  const always = Object.keys(properties).filter((name) => properties[name]?.['x-omitempty'] === false)
  const missing = [...new Set([...(shape.required ?? []), ...always])].filter(
    (name) => value[name] === undefined,
  )
  return [
    ...missing.map((name) => `${at}.${name}: is missing`),
    ...Object.entries(value).flatMap(([name, one]) => {
      const known = properties[name] ?? (typeof rest === 'object' ? rest : undefined)
      if (known) return problemsOf(shapes, known, one, `${at}.${name}`)
      return name === 'packyard' || rest === true ? [] : [`${at}.${name}: is unknown`]
    }),
  ]
}

/** Which of the paths (`items[].metadata.name`) are missing, null, or about a list without items. */
export function missingOf(paths: readonly string[], value: unknown): string[] {
  return paths.filter((path) => {
    let found: unknown[] = [value]
    for (const part of path.split('.')) {
      const isList = part.endsWith('[]')
      const name = isList ? part.slice(0, -2) : part
      const next = found.map((one) => (isMap(one) ? one[name] : undefined))
      if (isList && !next.every((one) => Array.isArray(one) && one.length > 0)) return true
      found = isList ? next.flat() : next
    }
    return found.some((one) => one === null || one === undefined)
  })
}

/** The part of the original's shapes that our operations answer with. */
export function reduceShapes(api: Shapes): Shapes {
  const paths: Shapes['paths'] = {}
  const definitions: Shapes['definitions'] = {}
  const keep = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(keep)
    if (!isMap(value)) return
    if (typeof value.$ref === 'string') {
      const name = value.$ref.slice(DEFINITION.length)
      const found = api.definitions[name]
      if (!definitions[name] && found) {
        definitions[name] = found
        keep(found)
      }
    }
    Object.values(value).forEach(keep)
  }
  for (const id of ORIGINAL_IDS) {
    const [method, path] = ROUTES[id]
    const responses = answersOf(api, id)
    paths[path] = { ...paths[path], [method.toLowerCase()]: { responses } }
    keep(responses)
  }
  const sorted = <T>(map: Record<string, T>) =>
    Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))
  return { paths: sorted(paths), definitions: sorted(definitions) }
}
