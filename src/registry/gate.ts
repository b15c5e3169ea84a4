/** Lets work through in order, once it is open. */
export class Gate {
  #waiting: (() => void)[] | undefined = [];

  get isOpen(): boolean {
    return this.#waiting === undefined;
  }

  /** Does `work` at once if the gate is open, otherwise when it opens. */
  run<T>(work: () => T): T | Promise<T> {
    const waiting = this.#waiting;
    if (waiting === undefined) return work();
    return new Promise((resolve, reject) => {
      waiting.push(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  open(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const work of waiting) work();
  }
}
