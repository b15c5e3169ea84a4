/** A pattern with `*` (any characters, also `/`, also none) and `?` (one character). */
export interface Glob {
  /** Whether the whole of `text` fits. */
  matches(text: string): boolean;
  /** Comparisons made so far: what limits a hostile pattern. */
  readonly steps: number;
}

/**
 * A matcher of our own: only the last `*` is ever tried again, so it takes (pattern x text) steps at worst, where a
 * regular expression may take exponentially many.
 */
export function compileGlob(pattern: string): Glob {
  const wanted = [...pattern.replace(/\*+/g, "*")];
  let steps = 0;
  return {
    get steps(): number {
      return steps;
    },
    matches(text) {
      const has = [...text];
      let w = 0;
      let star = -1;
      let starAt = 0;
      for (let h = 0; h < has.length;) {
        steps++;
        if (wanted[w] === "*") {
          star = w++;
          starAt = h;
        } else if (wanted[w] === "?" || wanted[w] === has[h]) {
          w++;
          h++;
        } else if (star >= 0) {
          w = star + 1;
          h = ++starAt;
        } else return false;
      }
      while (wanted[w] === "*") w++;
      return w === wanted.length;
    },
  };
}

/** Whether `text` has a character that a glob understands. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}
