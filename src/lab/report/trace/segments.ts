import type { TraceLine } from "../../run/mod.ts";
import type { Segment } from "./diagram.ts";

/** The role and the epoch of every peer over time; a peer that is not up is `down`. */
export function segmentsOf(
  lines: readonly TraceLine[],
  peers: readonly string[],
  start: number,
  end: number,
): Segment[] {
  const now = peers.map((_, peer) => ({ peer, from: start, role: "down", epoch: 0 }));
  const done: Segment[] = [];
  const change = (peer: number, t: number, role: string, epoch: number): void => {
    const before = now[peer]!;
    if (before.role === role && before.epoch === epoch) return;
    if (t > before.from) done.push({ ...before, to: t });
    now[peer] = { peer, from: t, role, epoch };
  };
  for (const { kind, peer: id, t, data, role, epoch } of lines) {
    const peer = id === undefined ? -1 : peers.indexOf(id);
    if (peer < 0) continue;
    const before = now[peer]!;
    if (kind === "peer.down") change(peer, t, "down", before.epoch);
    else if (kind === "peer.up" && before.role === "down") {
      change(peer, t, "follower", before.epoch);
    } else if (kind === "peer.role") {
      const is = String(role ?? data?.["role"] ?? before.role);
      change(peer, t, is, Number(epoch ?? data?.["epoch"] ?? before.epoch));
    }
  }
  return [...done, ...now.map((last) => ({ ...last, to: end }))].filter(({ from, to }) =>
    to > from
  );
}
