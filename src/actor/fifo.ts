/** A queue with O(1) at both ends that gives its memory back. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Takes out the item that waits longest. */
  shift(): T | undefined {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** The item that waits longest. */
  get first(): T | undefined {
    return this.#items[this.#head];
  }

  /** Takes out the first item that `matches`. */
  remove(matches: (item: T) => boolean): T | undefined {
    for (let i = this.#head; i < this.#items.length; i++) {
      const item = this.#items[i] as T;
      if (!matches(item)) continue;
      // What waited longest is taken out most often.
      if (i === this.#head) return this.shift();
      this.#items.splice(i, 1);
      return item;
    }
    return undefined;
  }

  /** Takes out all items that `match`, in order. */
  extract(matches: (item: T) => boolean): T[] {
    const taken: T[] = [];
    const left: T[] = [];
    for (let i = this.#head; i < this.#items.length; i++) {
      const item = this.#items[i] as T;
      (matches(item) ? taken : left).push(item);
    }
    this.#items = left;
    this.#head = 0;
    return taken;
  }
}
