/**
 * A queue by time: what is due together comes out in the order it went in. Three arrays side by side instead of an object
 * per entry, since a run pushes millions.
 *
 * @example
 * ```ts
 * const heap = new EventHeap<string>();
 * heap.push(20, "later");
 * heap.push(10, "sooner");
 * heap.pop(); // "sooner"; heap.at is 10
 * ```
 */
export class EventHeap<T> {
  readonly #at: number[] = [];
  readonly #seq: number[] = [];
  readonly #items: T[] = [];
  #pushed = 0;
  #popped = 0;

  get size(): number {
    return this.#at.length;
  }

  /** When the first entry is due; Infinity if there is none. */
  get next(): number {
    return this.#at[0] ?? Infinity;
  }

  /** When the entry that was popped last was due. */
  get at(): number {
    return this.#popped;
  }

  /** The first entry, left where it is. */
  peek(): T | undefined {
    return this.#items[0];
  }

  push(at: number, item: T): void {
    const seq = this.#pushed++;
    let i = this.#at.length;
    this.#at.push(at);
    this.#seq.push(seq);
    this.#items.push(item);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      // What was pushed later never goes before its equals.
      if (this.#at[parent]! <= at) break;
      this.#move(parent, i);
      i = parent;
    }
    this.#put(i, at, seq, item);
  }

  pop(): T | undefined {
    const size = this.#at.length;
    if (size === 0) return undefined;
    const first = this.#items[0] as T;
    this.#popped = this.#at[0]!;
    const at = this.#at.pop()!;
    const seq = this.#seq.pop()!;
    const item = this.#items.pop() as T;
    if (size > 1) this.#sink(size - 1, at, seq, item);
    return first;
  }

  /** Puts an entry at the top of `size` entries, and lets it sink to its place. */
  #sink(size: number, at: number, seq: number, item: T): void {
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#before(child + 1, child)) child++;
      const due = this.#at[child]!;
      if (due > at || (due === at && this.#seq[child]! > seq)) break;
      this.#move(child, i);
      i = child;
    }
    this.#put(i, at, seq, item);
  }

  #before(a: number, b: number): boolean {
    const first = this.#at[a]!;
    const second = this.#at[b]!;
    return first < second || (first === second && this.#seq[a]! < this.#seq[b]!);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#at[from]!, this.#seq[from]!, this.#items[from] as T);
  }

  #put(i: number, at: number, seq: number, item: T): void {
    this.#at[i] = at;
    this.#seq[i] = seq;
    this.#items[i] = item;
  }
}
