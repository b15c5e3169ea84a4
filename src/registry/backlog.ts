/** Counts what waits for a watcher, up to a limit. */
export class Backlog {
  readonly limit: number;
  #size = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** One more waits. Gives false if that is one too many. */
  add(): boolean {
    return ++this.#size <= this.limit;
  }

  /** One was delivered. */
  taken(): void {
    this.#size--;
  }
}
