import type { Change } from './changes'
import { RecentChanges } from './recent'
import { type PackVersion, Repository } from './repository'
import { SortedNames } from './sorted-names'

/** All repositories, in memory: what every answer but content itself is made of. */
export class Catalog {
  readonly #repositories = new Map<string, Repository>()
  readonly #names = new SortedNames()
  readonly #packNames = new SortedNames()

  readonly #noted = new Set<Set<string>>()
  readonly #recent: RecentChanges
  #revision: string

  /** @param revision names the state of all packs; another one whenever they change, and never the same again */
  constructor(revision: string) {
    this.#revision = revision
    this.#recent = new RecentChanges(revision)
  }

  get revision(): string {
    return this.#revision
  }

  /** Called after each change of packs, when it can be seen. */
  onPacksChanged: (name: string) => void = () => {}

  get(name: string): Repository | undefined {
    return this.#repositories.get(name)
  }

  /** Those that hold a manifest. */
  get names(): SortedNames {
    return this.#names
  }

  /** Those that hold a version of a pack. */
  get packNames(): SortedNames {
    return this.#packNames
  }

  /**
   * @param revision the one to take when packs are touched
   * @param settle false while many changes are read: call `settle` after the last
   */
  apply(change: Change, revision: string, settle = true): void {
    const repository = this.#repositories.get(change.repository) ?? new Repository(change.repository)
    this.#repositories.set(change.repository, repository)
    const touchesPacks =
      change.do !== 'link' &&
      change.do !== 'unlink' &&
      (repository.holdsPacks || (change.do === 'push' && !!change.manifest.pack))
    repository.apply(change)
    if (change.do === 'link' || change.do === 'push')
      for (const digests of this.#noted)
        digests.add(change.do === 'link' ? change.digest : change.manifest.digest)
    if (touchesPacks) {
      this.#revision = revision
      this.#recent.note(repository.name, revision)
    }
    if (settle) this.#settle(repository)
    if (touchesPacks) this.onPacksChanged(repository.name)
  }

  settle(): void {
    for (const repository of this.#repositories.values()) this.#settle(repository)
  }

  #settle(repository: Repository): void {
    this.#names.set(repository.name, repository.manifests.size > 0)
    this.#packNames.set(repository.name, repository.versions.length > 0)
  }

  /** Every version of every pack as of now, by name and version; changes that come later do not show in it. */
  snapshot(): Iterable<PackVersion> {
    const lists = this.#packNames.all.map((name) => this.#repositories.get(name)?.versions ?? [])
    return (function* () {
      for (const list of lists) yield* list
    })()
  }

  /**
   * The packs that changed since a revision, each with all its versions as of now: none where it is gone.
   *
   * @returns null where the revision is too old, or none of this history
   */
  changesSince(revision: string): { name: string; versions: readonly PackVersion[] }[] | null {
    const names = this.#recent.since(revision)
    return names?.map((name) => ({ name, versions: this.#repositories.get(name)?.versions ?? [] })) ?? null
  }

  /** Notes every digest that comes to be held from now on, until it is ended. */
  noteHeld(): { digests: ReadonlySet<string>; end(): void } {
    const digests = new Set<string>()
    this.#noted.add(digests)
    return { digests, end: () => this.#noted.delete(digests) }
  }

  *repositories(): Iterable<Repository> {
    yield* this.#repositories.values()
  }
}
