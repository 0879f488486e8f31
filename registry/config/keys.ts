import { z } from 'zod'

/** What stands under the optional, default and preprocess wrappers of a schema. */
function core(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPipe)
    return core(schema.def.out instanceof z.ZodTransform ? schema.def.in : schema.def.out)
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return core(schema.def.innerType)
  return schema
}

/** What a key of an object, record or list must look like; undefined where the schema knows no such key. */
export function childOf(schema: z.core.$ZodType, key: string): z.core.$ZodType | undefined {
  const found = core(schema)
  if (found instanceof z.ZodObject) return Object.hasOwn(found.shape, key) ? found.shape[key] : undefined
  if (found instanceof z.ZodRecord) return found.def.valueType
  if (found instanceof z.ZodArray) return /^\d+$/.test(key) ? found.element : undefined
  return undefined
}

export const isText = (schema: z.core.$ZodType): boolean => core(schema) instanceof z.ZodString

/** The keys, by dotted path, that a schema does not know. */
export function unknownKeys(schema: z.core.$ZodType, value: unknown, path: string[] = []): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  if (!(core(schema) instanceof z.ZodObject || core(schema) instanceof z.ZodRecord)) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const child = childOf(schema, key)
    return child ? unknownKeys(child, inner, [...path, key]) : [[...path, key].join('.')]
  })
}

/** The keys that a schema knows at a place. */
export function keysAt(schema: z.core.$ZodType, path: readonly string[]): string[] {
  let at: z.core.$ZodType | undefined = schema
  for (const key of path) at = at && childOf(at, key)
  const found = at && core(at)
  return found instanceof z.ZodObject ? Object.keys(found.shape) : []
}
