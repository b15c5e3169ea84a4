/** So much can happen in one moment only if it never ends. */
const ENDLESS = 100_000;

/** Time that passes only when told to, and what is to happen in it. */
export class Scheduler {
  now = 0;
  #planned: { readonly at: number; readonly seq: number; readonly fn: () => void }[] = [];
  #seq = 0;
  /** Things done without time passing. */
  #inOneMoment = 0;

  /** Calls `fn` in `ms` milliseconds, after what was planned for that moment before. */
  in(ms: number, fn: () => void): Disposable {
    const item = { at: this.now + ms, seq: this.#seq++, fn };
    let low = 0;
    let high = this.#planned.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#planned[middle]?.at ?? 0) <= item.at) low = middle + 1;
      else high = middle;
    }
    this.#planned.splice(low, 0, item);
    return {
      [Symbol.dispose]: () => {
        const at = this.#planned.indexOf(item);
        if (at >= 0) this.#planned.splice(at, 1);
      },
    };
  }

  /** Does the next thing if it is due by `until`. */
  step(until: number): boolean {
    const next = this.#planned[0];
    if (next === undefined || next.at > until) return false;
    this.#planned.shift();
    this.#inOneMoment = next.at > this.now ? 0 : this.#inOneMoment + 1;
    if (this.#inOneMoment > ENDLESS) throw new Error("This never ends, and no time passes");
    this.now = Math.max(this.now, next.at);
    next.fn();
    return true;
  }

  /** Lets `ms` milliseconds pass, with all that happens in them. */
  run(ms: number): void {
    const until = this.now + ms;
    while (this.step(until));
    this.now = until;
  }
}
