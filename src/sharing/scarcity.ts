/** How many holders lack each chunk: what tells which is the rarest. */
export class Scarcity {
  #lacking: Uint16Array | undefined;
  /** Of all chunks together. */
  #sum = 0;

  /** Undefined while nobody lacks anything: then all chunks are as rare. */
  get lacking(): Uint16Array | undefined {
    return this.#sum === 0 ? undefined : this.#lacking;
  }

  /** @param count chunks of the file */
  begin(count: number): void {
    this.#lacking = new Uint16Array(count);
  }

  /** Replaces what a holder lacks; gives whether it has something now that it lacked. */
  replace(lacks: Set<number>, now: Iterable<number>): boolean {
    const before = new Set(lacks);
    this.forget(lacks);
    for (const index of now) this.add(lacks, index);
    for (const index of before) if (!lacks.has(index)) return true;
    return false;
  }

  add(lacks: Set<number>, index: number): void {
    if (lacks.has(index)) return;
    lacks.add(index);
    this.#count(index, 1);
  }

  /** A holder is not counted any more. */
  forget(lacks: Set<number>): void {
    for (const index of lacks) this.#count(index, -1);
    lacks.clear();
  }

  #count(index: number, by: number): void {
    if (this.#lacking === undefined) return;
    this.#lacking[index]! += by;
    this.#sum += by;
  }
}
