import type { PeerId } from "../../election/mod.ts";
import type { Invariant } from "./invariant.ts";

/** Past times in office that are remembered per peer: events of two peers may come in either order. */
const REMEMBERED = 4;

interface Office {
  readonly epoch: number;
  readonly from: number;
  readonly until: number;
}

interface Server {
  past: Office[];
  now: { readonly epoch: number; readonly from: number } | undefined;
}

/**
 * I6. A tracker serves from `lease_gained` to what `served` tells when it leaves. One that died tells nothing any more: how long
 * its lease held is then unknown, and counts for it.
 */
export const oneServer: Invariant = {
  id: "I6",
  says: "no two peers serve at the same time",
  on: ["lease_gained", "served", "boot", "down"],
  watch({ broken }) {
    const servers = new Map<PeerId, Server>();
    const serverOf = (peer: PeerId): Server => {
      let server = servers.get(peer);
      if (server === undefined) servers.set(peer, server = { past: [], now: undefined });
      return server;
    };
    const served = (peer: PeerId, office: Office): void => {
      for (const [other, { past, now }] of servers) {
        if (other === peer) continue;
        // A rival that still serves did so at least when it began.
        const rivals: Office[] = now === undefined ? past : [...past, { ...now, until: now.from }];
        for (const rival of rivals) {
          const apart = rival.until < office.from || office.until <= rival.from;
          if (apart) continue;
          broken(
            `${other} of epoch ${rival.epoch} and ${peer} of epoch ${office.epoch} served together from ${
              Math.max(rival.from, office.from).toFixed(3)
            } to ${Math.min(rival.until, office.until).toFixed(3)} ms`,
            office.epoch,
            [peer, other],
          );
        }
      }
      const server = serverOf(peer);
      server.past = [...server.past.slice(1 - REMEMBERED), office];
    };
    return ({ at, peer, event }) => {
      const server = serverOf(peer);
      switch (event.kind) {
        case "lease_gained":
          server.now ??= { epoch: event.epoch, from: at };
          return;
        case "served": {
          const { now } = server;
          server.now = undefined;
          if (now !== undefined && now.epoch === event.epoch && event.until > now.from) {
            served(peer, { ...now, until: event.until });
          }
          return;
        }
        case "boot":
        case "down":
          server.now = undefined;
          return;
      }
    };
  },
};
