import type { Packed } from "./packing.ts";

/** `batch` as a text, where it holds nothing but what comes out of a text as it went in. */
export function textOf(batch: Packed): string | undefined {
  return batch.every(isPlain) ? JSON.stringify(batch) : undefined;
}

function isPlain(part: unknown): boolean {
  switch (typeof part) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(part) && !Object.is(part, -0);
    default:
      return part === null;
  }
}

/** Undoes {@linkcode textOf}. Gives whatever else was sent as it is. */
export function batchOf(message: unknown): unknown {
  if (typeof message !== "string") return message;
  try {
    return JSON.parse(message);
  } catch {
    return message;
  }
}
