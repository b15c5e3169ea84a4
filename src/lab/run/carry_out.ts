import type { Cluster, CrashKind, Undo } from "../../cluster/mod.ts";
import type { ResolvedFault } from "./resolve_fault.ts";
import type { Cuts } from "../scenario/shapes.ts";

/** Ends a fault that lasts. */
export type Ending = () => Promise<void>;

/** Does to `cluster` what `fault` says. Gives how it ends, if it lasts; rejects with what went wrong. */
export async function carryOut(
  cluster: Cluster,
  fault: ResolvedFault,
): Promise<Ending | undefined> {
  const { verb, peers, with: details } = fault;
  const each = (work: (peer: string) => Promise<unknown>): Promise<unknown> =>
    Promise.all(peers.map(work));
  const undos = (made: readonly Undo[]): Ending => async () => {
    for (const undo of made) await undo.undo();
  };
  switch (verb) {
    case "crash":
      return await crash(cluster, fault);
    case "restart":
      await each((peer) => cluster.restart(peer));
      return undefined;
    case "campaign":
      await each((peer) => cluster.peer(peer).election());
      return undefined;
    case "registry":
      if (fault.for !== undefined || details["hold"] === true) {
        return undos([cluster.faults.registry()]);
      }
      await cluster.crashRegistry();
      return undefined;
    case "addVoter":
      await each((peer) => cluster.addVoter(peer));
      return undefined;
    case "removeVoter":
      await each((peer) => cluster.removeVoter(peer));
      return undefined;
    case "wipe":
      await each((peer) => cluster.faults.wipe(peer));
      return undefined;
    case "tear":
      await each((peer) => cluster.faults.tear(peer));
      return undefined;
    case "resign":
      await each((peer) => cluster.faults.resign(peer));
      return undefined;
    case "timers":
      await cluster.faults.timers(details["how"] === "spread" ? "spread" : "align", peers);
      return undefined;
    case "pause":
      return undos(peers.map((peer) => cluster.faults.pause(peer)));
    case "slow":
      return undos(peers.map((peer) => cluster.faults.slow(peer, Number(details["ms"]))));
    case "disk":
      return undos(peers.map((peer) => cluster.faults.disk(peer, details)));
    case "clock":
      return undos(peers.map((peer) => cluster.faults.clock(peer, details)));
    case "link": {
      const { to, both, ...rules } = details;
      const others = to as readonly string[];
      const faults = cluster.faults;
      const made = [faults.link(peers, others, rules)];
      if (both === true) made.push(faults.link(others, peers, rules));
      return undos(made);
    }
    case "partition": {
      const cuts = details["cuts"] as Cuts;
      const faults = cluster.faults;
      return undos(cuts.map(([from, to]) => faults.link([from], to, { blocked: true })));
    }
  }
}

/**
 * With an end, or with `hold`, the peers stay down until then; with `stay` for good; else their supervisor starts them again.
 */
async function crash(
  cluster: Cluster,
  { peers, with: details, for: lasts }: ResolvedFault,
): Promise<Ending | undefined> {
  const how = details["how"] as CrashKind | undefined;
  const stay = details["stay"] === true;
  const hold = stay || details["hold"] === true || lasts !== undefined;
  const already = downOf(cluster);
  await Promise.all(peers.map((peer) =>
    // Who is down already is to stay so, too.
    stay && already.has(peer) ? cluster.stop(peer) : cluster.crash(peer, how, { hold })
  ));
  if (!hold || stay) return undefined;
  return async () => {
    const down = downOf(cluster);
    await Promise.all(
      peers.filter((peer) => down.has(peer)).map((peer) => cluster.restart(peer)),
    );
  };
}

function downOf(cluster: Cluster): ReadonlySet<string> {
  return new Set(cluster.view().filter(({ up }) => !up).map(({ id }) => id));
}
