/** From this line of the left text on, so many are replaced by so many from this line of the right one. From 0. */
export type LineEdit = [left: number, removed: number, right: number, added: number]

/** The lines of a text. A line break at its end begins no further line. */
export function linesOf(text: string): string[] {
  if (text === '') return []
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
}

/** How many lines the edits add and take away. */
export const countLines = (edits: readonly LineEdit[]): { added: number; removed: number } => ({
  added: edits.reduce((sum, [, , , added]) => sum + added, 0),
  removed: edits.reduce((sum, [, removed]) => sum + removed, 0),
})
