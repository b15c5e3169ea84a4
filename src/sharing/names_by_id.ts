/**
 * The names of each file id. Most contents have one name, which then stands alone: a set for each of some 100,000 would
 * cost more than all else in the catalogue. Some have very many, as the empty file.
 */
export class NamesById {
  readonly #names = new Map<string, string | Set<string>>();

  add(fileId: string, name: string): void {
    const known = this.#names.get(fileId);
    if (known === undefined) this.#names.set(fileId, name);
    else if (typeof known !== "string") known.add(name);
    else if (known !== name) this.#names.set(fileId, new Set([known, name]));
  }

  delete(fileId: string, name: string): void {
    const known = this.#names.get(fileId);
    if (known === name) this.#names.delete(fileId);
    else if (known instanceof Set && known.delete(name) && known.size === 0) {
      this.#names.delete(fileId);
    }
  }

  of(fileId: string): Iterable<string> {
    return list(this.#names.get(fileId));
  }

  /** Names of all ids that begin with `prefix`. */
  startingWith(prefix: string): Set<string> {
    const found = new Set<string>();
    for (const fileId of this.#names.keys()) {
      if (!fileId.startsWith(prefix)) continue;
      for (const name of this.of(fileId)) found.add(name);
    }
    return found;
  }
}

function list(names: string | Set<string> | undefined): Iterable<string> {
  return typeof names === "string" ? [names] : names ?? [];
}
