/**
 * A value given to the election is not what it must be; nothing was made from it.
 *
 * @example
 * ```ts
 * try {
 *   resolveOptions({ peerId: "p1", uri: "peer://1", electorate: [] });
 * } catch (error) {
 *   error.message; // "electorate is [], expected at least one peer id"
 * }
 * ```
 */
export class ElectionOptionError extends TypeError {
  readonly code = "invalid_option";
  /** Which option, as `timers.heartbeat`. */
  readonly field: string;
  readonly value: unknown;
  readonly expected: string;

  constructor(field: string, value: unknown, expected: string) {
    super(`${field} is ${show(value)}, expected ${expected}`);
    this.name = "ElectionOptionError";
    this.field = field;
    this.value = value;
    this.expected = expected;
  }
}

function show(value: unknown): string {
  if (typeof value === "number" || value === undefined) return String(value);
  try {
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
  } catch {
    return typeof value;
  }
}
