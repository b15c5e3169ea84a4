/** What ends with an actor, or with the node for those outside of actors. One listener on the signal, however much there is. */
export class Lifetime {
  readonly #signal: AbortSignal | undefined;
  readonly #ends = new Set<() => void>();
  readonly #end = (): void => {
    for (const end of [...this.#ends]) end();
  };

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  get over(): boolean {
    return this.#signal?.aborted === true;
  }

  /** Why it is over. */
  get reason(): unknown {
    return this.#signal?.reason;
  }

  /** Calls `end` at the end, unless {@linkcode Lifetime.delete} comes first. */
  add(end: () => void): void {
    if (this.#ends.size === 0) this.#signal?.addEventListener("abort", this.#end, { once: true });
    this.#ends.add(end);
  }

  delete(end: () => void): void {
    this.#ends.delete(end);
    if (this.#ends.size === 0) this.#signal?.removeEventListener("abort", this.#end);
  }
}
