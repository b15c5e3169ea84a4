/** Entries that a new heap has room for. */
const ROOM = 64;

/**
 * A queue by time: what is due together comes out in the order it went in. Since a run pushes millions, what moves about in the heap
 * is three numbers per entry, in arrays of plain numbers; the items stay where they were put.
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
  #size = 0;
  /** In heap order: when it is due, how many went in before, where its item is. */
  #at = new Float64Array(ROOM);
  #seq = new Float64Array(ROOM);
  #place = new Int32Array(ROOM);
  readonly #items: (T | undefined)[] = [];
  /** Places of `#items` that are empty. */
  readonly #free: number[] = [];
  #pushed = 0;
  #popped = 0;

  get size(): number {
    return this.#size;
  }

  /** When the first entry is due; Infinity if there is none. */
  get next(): number {
    return this.#size === 0 ? Infinity : this.#at[0]!;
  }

  /** When the entry that was popped last was due. */
  get at(): number {
    return this.#popped;
  }

  /** The first entry, left where it is. */
  peek(): T | undefined {
    return this.#size === 0 ? undefined : this.#items[this.#place[0]!];
  }

  push(at: number, item: T): void {
    if (this.#size === this.#at.length) this.#grow();
    const place = this.#free.length > 0 ? this.#free.pop()! : this.#items.length;
    this.#items[place] = item;
    this.#rise(this.#size++, at, this.#pushed++, place);
  }

  pop(): T | undefined {
    if (this.#size === 0) return undefined;
    this.#popped = this.#at[0]!;
    const place = this.#place[0]!;
    const item = this.#items[place];
    this.#items[place] = undefined;
    this.#free.push(place);
    const last = --this.#size;
    if (last > 0) this.#sink(last, this.#at[last]!, this.#seq[last]!, this.#place[last]!);
    return item;
  }

  /** Puts an entry at the end, and lets it rise to its place. */
  #rise(end: number, at: number, seq: number, place: number): void {
    const times = this.#at;
    let i = end;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      // What was pushed later never goes before its equals.
      if (times[parent]! <= at) break;
      this.#move(parent, i);
      i = parent;
    }
    this.#put(i, at, seq, place);
  }

  /** Puts an entry at the top of `size` entries, and lets it sink to its place. */
  #sink(size: number, at: number, seq: number, place: number): void {
    const times = this.#at;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#before(child + 1, child)) child++;
      const due = times[child]!;
      if (due > at || (due === at && this.#seq[child]! > seq)) break;
      this.#move(child, i);
      i = child;
    }
    this.#put(i, at, seq, place);
  }

  #before(a: number, b: number): boolean {
    const first = this.#at[a]!;
    const second = this.#at[b]!;
    return first < second || (first === second && this.#seq[a]! < this.#seq[b]!);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#at[from]!, this.#seq[from]!, this.#place[from]!);
  }

  #put(i: number, at: number, seq: number, place: number): void {
    this.#at[i] = at;
    this.#seq[i] = seq;
    this.#place[i] = place;
  }

  #grow(): void {
    const room = 2 * this.#size;
    this.#at = grown(this.#at, new Float64Array(room));
    this.#seq = grown(this.#seq, new Float64Array(room));
    this.#place = grown(this.#place, new Int32Array(room));
  }
}

function grown<A extends Float64Array | Int32Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}
