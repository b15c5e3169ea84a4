import type { TraceLine } from "../../run/mod.ts";
import type { Mark } from "./diagram.ts";

/** Kinds that have a picture of their own, or are too many to be points. */
const LEFT_OUT = /^(message\.|peer\.role$|download\.progress$|election\.(lease|persist|stored))/;

/** What happened at peers, as points on their lanes. */
export function marksOf(lines: readonly TraceLine[], peers: readonly string[]): Mark[] {
  return lines.flatMap(({ seq, t, kind, peer, cause, data, epoch }) => {
    const lane = peer === undefined ? -1 : peers.indexOf(peer);
    if (lane < 0 || LEFT_OUT.test(kind)) return [];
    const text = textOf({ ...(epoch !== undefined && { epoch }), ...data });
    return [{ seq, t, peer: lane, kind, text, ...(cause !== undefined && { cause }) }];
  });
}

/** What is left out, with its causes. */
export function passedOf(lines: readonly TraceLine[]): (readonly [number, number])[] {
  return lines.flatMap(({ seq, kind, cause }) =>
    cause !== undefined && LEFT_OUT.test(kind) && !kind.startsWith("message.")
      ? [[seq, cause] as const]
      : []
  );
}

function textOf(data: Readonly<Record<string, unknown>>): string {
  return Object.entries(data)
    .filter(([name, value]) => name !== "peer" && value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`)
    .join(", ");
}
