/** Has what is done to a peer done one thing after the other. Peers are told by their ids. */
export class Turns {
  /** The last thing to be done to each peer that something is done to; settles, and never rejects. */
  readonly #last = new Map<string, Promise<void>>();

  /** Does `work` when all that was to be done to the peer before is done: at once if that is nothing. */
  take<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(id);
    const result = before === undefined ? work() : before.then(work);
    const over = (): void => {
      if (this.#last.get(id) === done) this.#last.delete(id);
    };
    const done: Promise<void> = result.then(over, over);
    this.#last.set(id, done);
    return result;
  }
}
