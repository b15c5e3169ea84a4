/** Time as an actor knows it: monotonic milliseconds with fractions, from an arbitrary start. */
export interface Clock {
  /** Milliseconds since an arbitrary moment; never goes back. */
  now(): number;
  /** Milliseconds since 1970 (UTC), for people's eyes only; decisions use {@linkcode Clock.now}. */
  wall(): number;
  /** Calls `fn` once, `ms` milliseconds from now, unless disposed before. */
  setTimeout(fn: () => void, ms: number): Disposable;
}
