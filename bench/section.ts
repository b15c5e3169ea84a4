/** One line of the table: something measured beside something to judge it by. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  /** What the value is compared with, and what that gave in the same rounds. */
  readonly reference?: { readonly name: string; readonly value: number };
  /** `value / reference`, round by round. */
  readonly ratios?: readonly number[];
  /** Values of the rounds, where there is nothing to compare with. */
  readonly samples?: readonly number[];
  /** What the ratio should be, as `>= 0.9`. */
  readonly aim?: string;
}

/** How a value is shown: per second, bytes per second, milliseconds, bytes, a mere count. */
export type Unit = "/s" | "B/s" | "ms" | "B" | "";

/** A part of the bench that can be run by its name. */
export interface Section {
  readonly name: string;
  readonly title: string;
  /** Gives rows, and what else a reader must know to judge them. */
  run(): Promise<{ readonly rows: readonly Row[]; readonly notes?: readonly string[] }>;
}
