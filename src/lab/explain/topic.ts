/** Something that is explained. */
export interface Topic {
  readonly kind: "check" | "statistic" | "mutant";
  readonly name: string;
  /** Other words for it. */
  readonly also?: readonly string[];
  /** What it is, one sentence. */
  readonly says: string;
  /** What else to know, a sentence an entry: what it means if it is seen, and what to look at. */
  readonly more?: readonly string[];
}
