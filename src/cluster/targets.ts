import { InvalidOptionError } from "../actor/mod.ts";
import type { ClusterSettings, Target } from "./api.ts";
import type { ClusterView } from "./view.ts";

/** The id of the `number`th peer, from 1. */
export function peerId(number: number): string {
  return `peer-${number}`;
}

/** The ids of all peers of a cluster, in order. */
export function peerIds({ peers = 5 }: Pick<ClusterSettings, "peers">): string[] {
  return Array.from({ length: peers }, (_, i) => peerId(i + 1));
}

/**
 * The peer that `target` means: `peer-3`, `3` or `tracker`.
 *
 * @throws InvalidOptionError if there is no such peer, or no tracker now
 */
export function resolveTarget(target: Target, view: ClusterView): string {
  const text = String(target).trim();
  if (text === "tracker") {
    const tracker = presentTracker(view);
    if (tracker !== undefined) return tracker;
    throw new InvalidOptionError("peer", text, "a peer's id, since there is no tracker now");
  }
  const id = /^\d+$/.test(text) ? peerId(Number(text)) : text;
  if (view.has(id)) return id;
  throw new InvalidOptionError("peer", text, `one of ${[...view.keys()].join(", ")}, or tracker`);
}

/** The tracker of the highest epoch; an older one may not know yet that it is none any more. */
function presentTracker(view: ClusterView): string | undefined {
  let best: { readonly id: string; readonly epoch: number } | undefined;
  for (const { id, role, epoch } of view.values()) {
    if (role === "tracker" && epoch > (best?.epoch ?? -1)) best = { id, epoch };
  }
  return best?.id;
}
