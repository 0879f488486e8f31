/** Database errors, told by their codes and never by their text. @see https://www.prisma.io/docs/orm/reference/error-reference */
function has(error: unknown, codes: string[]): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code, cause, meta } = error as {
    code?: unknown
    cause?: unknown
    // Where Prisma has no code of its own, PostgreSQL's stands here.
    meta?: { driverAdapterError?: unknown }
  }
  if (codes.includes(String(code))) return true
  return (cause !== error && has(cause, codes)) || has(meta?.driverAdapterError, codes)
}

export const isUniqueViolation = (error: unknown): boolean => has(error, ['P2002', '23505'])

/** Something still points at the row, or the row pointed at is not there. */
export const isReferenceViolation = (error: unknown): boolean => has(error, ['P2003', '23503', '23001'])

/** Somebody tried to change a published profile version: the database's own rule. */
export const isFinalViolation = (error: unknown): boolean => has(error, ['PY001'])

/** A deadlock that PostgreSQL broke, or what it could not put in an order: the same once more may succeed. */
export const isToBeRepeated = (error: unknown): boolean => has(error, ['P2034', '40P01', '40001'])
