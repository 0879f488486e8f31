/** Database errors, told by their codes and never by their text. @see https://www.prisma.io/docs/orm/reference/error-reference */
const has = (error: unknown, codes: string[]): boolean =>
  error instanceof Error &&
  (('code' in error && codes.includes(String(error.code))) ||
    (error.cause !== undefined && error.cause !== error && has(error.cause, codes)))

export const isUniqueViolation = (error: unknown): boolean => has(error, ['P2002', '23505'])

/** Something still points at the row, or the row pointed at is not there. */
export const isReferenceViolation = (error: unknown): boolean => has(error, ['P2003', '23503', '23001'])

/** Somebody tried to change a published profile version: the database's own rule. */
export const isFinalViolation = (error: unknown): boolean => has(error, ['PY001'])
