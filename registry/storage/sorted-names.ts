/** Names in the order of their code units, which is the byte order that the OCI specification asks for: all are ASCII. */
export class SortedNames {
  readonly #names: string[]

  constructor(names: Iterable<string> = []) {
    this.#names = [...new Set(names)].sort()
  }

  get all(): readonly string[] {
    return this.#names
  }

  set(name: string, present: boolean): void {
    const at = this.#from(name)
    const found = this.#names[at] === name
    if (present && !found) this.#names.splice(at, 0, name)
    if (!present && found) this.#names.splice(at, 1)
  }

  /** @returns at most `count` names that come after `last` */
  after(last: string, count: number): string[] {
    const from = this.#from(last)
    const start = this.#names[from] === last ? from + 1 : from
    return this.#names.slice(start, start + count)
  }

  /** Where the first name stands that is not before `name`. */
  #from(name: string): number {
    let [low, high] = [0, this.#names.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#names[middle] as string) < name) low = middle + 1
      else high = middle
    }
    return low
  }
}
