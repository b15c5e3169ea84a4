import type { Arrow, Diagram, Mark } from "../trace/diagram.ts";

/** What a line of the trace is in the picture. */
export type Thing =
  | { readonly kind: "mark"; readonly mark: Mark }
  | { readonly kind: "arrow"; readonly arrow: Arrow }
  | { readonly kind: "passed"; readonly cause: number };

/** Everything in the picture by the numbers of its lines. */
export function thingsBySeq({ marks, arrows, passed }: Diagram): Map<number, Thing> {
  const things = new Map<number, Thing>();
  for (const mark of marks) things.set(mark.seq, { kind: "mark", mark });
  for (const arrow of arrows) {
    things.set(arrow.sentSeq, { kind: "arrow", arrow });
    if (arrow.receivedSeq !== undefined) things.set(arrow.receivedSeq, { kind: "arrow", arrow });
  }
  for (const [seq, cause] of passed) things.set(seq, { kind: "passed", cause });
  return things;
}

/** The line and all that led to it, the latest first. */
export function chainOf(things: ReadonlyMap<number, Thing>, seq: number): number[] {
  const chain: number[] = [];
  let next: number | undefined = seq;
  // A trace that was cut short may name lines that are not there; one that is broken may go in circles.
  while (next !== undefined && !chain.includes(next)) {
    chain.push(next);
    next = causeOf(things, next);
  }
  return chain;
}

function causeOf(things: ReadonlyMap<number, Thing>, seq: number): number | undefined {
  const thing = things.get(seq);
  if (thing === undefined) return undefined;
  if (thing.kind === "passed") return thing.cause;
  if (thing.kind === "mark") return thing.mark.cause;
  return seq === thing.arrow.receivedSeq ? thing.arrow.sentSeq : thing.arrow.cause;
}
