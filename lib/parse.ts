import type { z } from 'zod'

import { AppError } from './errors'

/**
 * Reads a value by its schema.
 *
 * @throws AppError `invalid` with one message for each field at fault, by dotted path
 */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const fields = Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message]))
  const [[path, message] = ['', 'The request is not valid']] = Object.entries(fields)
  throw new AppError('invalid', `${path || 'The body'}: ${message.replace(/\.$/, '')}.`, { fields })
}
