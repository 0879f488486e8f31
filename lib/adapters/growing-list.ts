/** So many pages may bring nothing new before the list is taken for one that goes in a circle. */
const IN_VAIN = 3

/**
 * What the pages of a list have brought, each once.
 *
 * @param most that a list may hold
 * @param endless makes the error for one that does not come to an end
 */
export function growingList(most: number, endless: () => Error) {
  const all = new Set<string>()
  let inVain = 0
  return {
    all: all as ReadonlySet<string>,
    addPage(page: readonly string[]): void {
      const before = all.size
      for (const one of page) all.add(one)
      inVain = all.size === before ? inVain + 1 : 0
      if (all.size > most || inVain > IN_VAIN) throw endless()
    },
  }
}
