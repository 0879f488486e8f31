/** So many changes are remembered, and up to twice as many before the oldest are forgotten together. */
const KEPT = 20_000

/**
 * Which packs changed after which revision. A revision names a whole history, so one that is not among those
 * remembered here is answered with null: it is too old, or of another history.
 */
export class RecentChanges {
  /** Revision → how many changes had happened when it began. */
  readonly #at: Map<string, number>
  #names: string[] = []
  /** How many changes were forgotten. */
  #forgotten = 0

  constructor(
    revision: string,
    private readonly kept = KEPT,
  ) {
    this.#at = new Map([[revision, 0]])
  }

  /** @param revision the one that the change led to */
  note(name: string, revision: string): void {
    this.#names.push(name)
    this.#at.set(revision, this.#forgotten + this.#names.length)
    if (this.#names.length < 2 * this.kept) return
    this.#names = this.#names.slice(this.kept)
    this.#forgotten += this.kept
    for (const [old, at] of this.#at) {
      if (at >= this.#forgotten) break
      this.#at.delete(old)
    }
  }

  /** The names of the packs that changed since, each once; null where that is not known. */
  since(revision: string): string[] | null {
    const at = this.#at.get(revision)
    return at === undefined ? null : [...new Set(this.#names.slice(at - this.#forgotten))]
  }
}
