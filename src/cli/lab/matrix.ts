import { UsageError } from "../errors.ts";

/** Values that replace those of a scenario file, by their path in it. */
export type Settings = Readonly<Record<string, string>>;

/** Reads `cluster.peers=7`. @throws UsageError */
export function assignment(option: string, text: string): readonly [key: string, value: string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  throw new UsageError(`${option} is "${text}", expected such as ${option} cluster.peers=7`);
}

/**
 * Every combination of the values of `--matrix key=a,b,c`, each with what `--set` says.
 *
 * @throws UsageError
 */
export function combinations(sets: readonly string[], matrix: readonly string[]): Settings[] {
  const base = Object.fromEntries(sets.map((text) => assignment("--set", text)));
  let all: Settings[] = [base];
  for (const text of matrix) {
    const [key, values] = assignment("--matrix", text);
    all = all.flatMap((one) => values.split(",").map((value) => ({ ...one, [key]: value.trim() })));
  }
  return all;
}

/** What tells a combination from the others: `peers=5 profile=fast`; nothing without a matrix. */
export function labelOf(settings: Settings, matrix: readonly string[]): string {
  return matrix.map((text) => assignment("--matrix", text)[0])
    .map((key) => `${key.slice(key.lastIndexOf(".") + 1)}=${settings[key]}`).join(" ");
}
