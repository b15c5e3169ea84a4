/** Entries that a {@linkcode Recent} keeps unless told otherwise. */
const MOST = 1024;

/** A map that forgets its oldest entries, so that a run of any length needs the same memory. */
export class Recent<K, V> {
  readonly #map = new Map<K, V>();
  readonly #most: number;

  constructor(most: number = MOST) {
    this.#most = most;
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  set(key: K, value: V): void {
    this.#map.set(key, value);
    if (this.#map.size > this.#most) this.#map.delete(this.#map.keys().next().value!);
  }
}
