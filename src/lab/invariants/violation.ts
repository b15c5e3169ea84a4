import type { Occurrence } from "./observed.ts";

/** A broken invariant, with the events that prove it. */
export interface Violation {
  /** As in §1.8: `I1` to `I10`. */
  readonly invariant: string;
  readonly message: string;
  /** In the order they were seen. */
  readonly evidence: readonly Occurrence[];
}

/** A violation as lines of text: what is broken, then the events. */
export function violationLines({ invariant, message, evidence }: Violation): string[] {
  return [`${invariant}: ${message}`, ...evidence.map(occurrenceLine)];
}

function occurrenceLine({ at, peer, event }: Occurrence): string {
  const { kind, ...rest } = event;
  const facts = Object.entries(rest).map(([name, value]) =>
    `${name} ${Array.isArray(value) ? value.join("+") : String(value)}`
  );
  return `  ${at.toFixed(3).padStart(12)} ms  ${peer}  ${kind}  ${facts.join(", ")}`.trimEnd();
}
