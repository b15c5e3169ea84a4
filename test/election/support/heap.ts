interface Entry<T> {
  readonly at: number;
  readonly seq: number;
  readonly item: T;
}

/** A queue by time; what is due together comes out in the order it went in. */
export interface Heap<T> {
  readonly size: number;
  push(at: number, item: T): void;
  pop(): { readonly at: number; readonly item: T } | undefined;
  /** When the first is due. */
  next(): number;
}

export function makeHeap<T>(): Heap<T> {
  const entries: Entry<T>[] = [];
  let count = 0;
  const before = (a: Entry<T>, b: Entry<T>): boolean =>
    a.at < b.at || (a.at === b.at && a.seq < b.seq);
  const swap = (i: number, j: number): void => {
    const entry = entries[i]!;
    entries[i] = entries[j]!;
    entries[j] = entry;
  };
  return {
    get size() {
      return entries.length;
    },
    next: () => entries[0]?.at ?? Infinity,
    push(at, item) {
      let i = entries.push({ at, seq: count++, item }) - 1;
      while (i > 0) {
        const parent = (i - 1) >> 1;
        if (!before(entries[i]!, entries[parent]!)) break;
        swap(i, parent);
        i = parent;
      }
    },
    pop() {
      const first = entries[0];
      const last = entries.pop();
      if (first === undefined || last === undefined) return undefined;
      if (entries.length === 0) return first;
      entries[0] = last;
      for (let i = 0;;) {
        let least = i;
        for (const child of [2 * i + 1, 2 * i + 2]) {
          if (child < entries.length && before(entries[child]!, entries[least]!)) least = child;
        }
        if (least === i) return first;
        swap(i, least);
        i = least;
      }
    },
  };
}
