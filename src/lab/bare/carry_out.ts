import type { ResolvedFault } from "../run/resolve_fault.ts";
import type { Cuts } from "../scenario/shapes.ts";
import type { BareCluster, LinkChange } from "./bare_cluster.ts";

/** Ends a fault that lasts. */
export type Ending = () => void;

/** Does to bare elections what `fault` says; gives how it ends, if it lasts. */
export function carryOut(cluster: BareCluster, fault: ResolvedFault): Ending | undefined {
  const { verb, with: details, for: lasts } = fault;
  const { world } = cluster;
  const voters = cluster.voters(fault.peers);
  switch (verb) {
    case "crash": {
      const stay = details["stay"] === true;
      const hold = stay || details["hold"] === true || lasts !== undefined;
      for (const voter of voters) cluster.crash(voter, hold);
      return hold && !stay ? () => voters.forEach((voter) => voter.start()) : undefined;
    }
    case "restart":
      for (const voter of voters) cluster.restart(voter);
      return undefined;
    case "wipe":
      for (const voter of voters) cluster.wipe(voter);
      return undefined;
    case "pause":
      for (const voter of voters) voter.pause();
      return () => voters.forEach((voter) => voter.resume());
    case "disk":
      for (const voter of voters) world.stallDisk(voter, true);
      return () => voters.forEach((voter) => world.stallDisk(voter, false));
    case "resign":
      for (const voter of voters) voter.feed({ kind: "resign" });
      return undefined;
    case "campaign":
      cluster.campaign(voters);
      return undefined;
    case "timers":
      // All at once is what aligned timers come to.
      if (details["how"] !== "spread") {
        for (const voter of voters) voter.feed({ kind: "campaign" });
      }
      return undefined;
    case "link": {
      const { to, both, ...change } = details;
      const others = cluster.voters(to as readonly string[]);
      const pairs = voters.flatMap((from) =>
        others.flatMap((other) =>
          both === true ? [[from, other], [other, from]] as const : [[from, other]] as const
        )
      );
      return cluster.link(pairs, change as LinkChange);
    }
    case "partition": {
      const cuts = details["cuts"] as Cuts;
      const pairs = cuts.flatMap(([from, to]) =>
        cluster.voters([from]).flatMap((one) =>
          cluster.voters(to).map((other) => [one, other] as const)
        )
      );
      return cluster.link(pairs, { blocked: true });
    }
    default:
      return undefined;
  }
}
