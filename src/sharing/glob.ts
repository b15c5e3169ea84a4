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
  const wanted = pattern.replace(/\*+/g, "*");
  let steps = 0;
  return {
    get steps(): number {
      return steps;
    },
    matches(text) {
      let w = 0;
      let star = -1;
      let starAt = 0;
      for (let t = 0; t < text.length;) {
        steps++;
        const char = wanted[w];
        if (char === "*") {
          star = w++;
          starAt = t;
        } else if (char === "?") {
          w++;
          t += widthAt(text, t);
        } else if (char === text[t]) {
          w++;
          t++;
        } else if (star >= 0) {
          w = star + 1;
          t = starAt += widthAt(text, starAt);
        } else return false;
      }
      if (wanted[w] === "*") w++;
      return w === wanted.length;
    },
  };
}

/** Code units of the character at `t`: two where it is a surrogate pair. */
function widthAt(text: string, t: number): number {
  return text.codePointAt(t)! > 0xffff ? 2 : 1;
}

/** Whether `text` has a character that a glob understands. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}
