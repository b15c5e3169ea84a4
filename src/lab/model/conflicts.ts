import type { PeerId } from "../../election/mod.ts";
import type { Envelope } from "./local_state.ts";
import type { Broken } from "./protocol.ts";

/**
 * What no run may hold side by side. Messages are never forgotten, so this is about all of history: two peers that ever said that
 * they were tracker of an epoch (I1), a peer that ever granted two candidates (I3), a winner that ever granted another (I3).
 */
export function conflictOf(
  a: Envelope,
  b: Envelope,
  name: (peer: number) => PeerId,
): Broken | undefined {
  if (a.message.epoch !== b.message.epoch) return undefined;
  const { epoch } = a.message;
  const [wonA, wonB] = [a.message.kind === "HB", b.message.kind === "HB"];
  if (wonA && wonB) {
    if (a.from === b.from) return undefined;
    return {
      invariant: "I1",
      message: `${name(a.from)} and ${name(b.from)} are both tracker of epoch ${epoch}`,
    };
  }
  if (a.from !== b.from) return undefined;
  const [grantA, grantB] = [isGrant(a), isGrant(b)];
  if (grantA && grantB && a.to !== b.to) {
    return { invariant: "I3", message: `${name(a.from)} grants epoch ${epoch} to two candidates` };
  }
  if ((grantA && wonB) || (grantB && wonA)) {
    return {
      invariant: "I3",
      message: `${name(a.from)} wins epoch ${epoch} and grants it to another`,
    };
  }
  return undefined;
}

function isGrant({ message }: Envelope): boolean {
  return message.kind === "VOTE_R" && message.granted;
}
