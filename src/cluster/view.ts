import type { SystemEvent } from "../actor/mod.ts";
import type { Agreement, PeerView } from "./api.ts";

/** What the events say of every peer. Pure: the cluster keeps one and replaces it by each event's outcome. */
export type ClusterView = ReadonlyMap<string, PeerView>;

export function emptyView(peers: readonly string[]): ClusterView {
  return new Map(peers.map((id) => [id, down(id, 0)]));
}

function down(id: string, epoch: number): PeerView {
  return { id, up: false, role: "down", epoch, tracker: undefined };
}

/** The view after `event`; the same object where nothing changed. */
export function apply(view: ClusterView, event: SystemEvent): ClusterView {
  const { kind, data } = event;
  const id = data["peer"];
  if (typeof id !== "string") return view;
  const known = view.get(id);
  if (known === undefined) return view;
  switch (kind) {
    case "peer.up":
      return new Map(view).set(id, { ...known, up: true, role: "follower" });
    case "peer.down":
      return new Map(view).set(id, down(id, known.epoch));
    case "peer.role":
      return new Map(view).set(id, roleOf(known, data));
    case "election.count":
      return new Map(view).set(id, { ...known, candidacy: candidacyOf(data) });
    default:
      return view;
  }
}

function roleOf({ id, candidacy }: PeerView, data: SystemEvent["data"]): PeerView {
  const role = data["role"] as PeerView["role"];
  const epoch = data["epoch"] as number;
  const stands = role === "candidate" && candidacy?.epoch === epoch;
  return {
    id,
    up: true,
    role,
    epoch,
    tracker: data["tracker"] as string | undefined,
    ...(stands && { candidacy }),
  };
}

function candidacyOf({ epoch, votes, needed }: SystemEvent["data"]): PeerView["candidacy"] {
  return { epoch: epoch as number, votes: votes as number, needed: needed as number };
}

/** The tracker that all peers that are up agree on; undefined where they do not. */
export function agreement(view: ClusterView): Agreement | undefined {
  const up = [...view.values()].filter((peer) => peer.up);
  const tracker = up.find((peer) => peer.role === "tracker");
  if (tracker === undefined) return undefined;
  const agreed = up.every((peer) => peer.tracker === tracker.id && peer.epoch === tracker.epoch);
  return agreed ? { tracker: tracker.id, epoch: tracker.epoch } : undefined;
}
