import { InvalidOptionError } from "../actor/mod.ts";
import type { Active, Lasting } from "./active_faults.ts";
import { clockOf, isPaused, linkChanges, slowness } from "./active_faults.ts";
import type { Target } from "./api.ts";
import { checkClockFault, checkLinkFault, checkMs } from "./check_faults.ts";
import type { ActiveFault, ClockFault, Faults, FaultVerb, LinkFault, Undo } from "./faults.ts";
import { pairsBetween, partedPairs, rulesOf } from "./link_table.ts";
import type { Surroundings } from "./surroundings.ts";

/** What faults need of their cluster. */
export interface FaultyCluster {
  readonly peers: readonly string[];
  readonly surroundings: Surroundings;
  /** @throws InvalidOptionError if there is no such peer */
  resolve(target: Target): string;
  isUp(peer: string): boolean;
  /** Ms since the cluster was made. */
  now(): number;
  announce(kind: string, data: Readonly<Record<string, unknown>>): void;
  /** Has a tracker step down. @throws NotTrackerError */
  resign(peer: string): Promise<void>;
}

/** Issue 7. */
class UnbuiltError extends Error {
  constructor(verb: FaultVerb) {
    super(`The fault "${verb}" is not built yet`);
    this.name = "UnbuiltError";
  }
}

/** The faults of a cluster: keeps those that last, and has the surroundings be what they come to together. */
export class ClusterFaults implements Faults {
  readonly #cluster: FaultyCluster;
  readonly #active = new Map<number, Active>();
  #count = 0;

  constructor(cluster: FaultyCluster) {
    this.#cluster = cluster;
  }

  refusal(verb: FaultVerb): string | undefined {
    return this.#cluster.surroundings.refusal(verb);
  }

  // ------------------------------------------------------------ faults that last

  link(from: readonly Target[], to: readonly Target[], fault: LinkFault): Undo {
    checkLinkFault(fault);
    const [starts, ends] = [this.#resolveAll(from), this.#resolveAll(to)];
    const pairs = pairsBetween(starts, ends);
    return this.#begin(
      { verb: "link", change: { pairs, fault } },
      [...new Set([...starts, ...ends])],
      { from: starts, to: ends, ...fault },
    );
  }

  partition(
    groups: readonly (readonly Target[])[],
    { oneWay = false }: { readonly oneWay?: boolean } = {},
  ): Undo {
    const { peers } = this.#cluster;
    const parts = groups.map((group) => this.#resolveAll(group));
    const pairs = partedPairs(peers, parts, oneWay);
    return this.#begin(
      { verb: "partition", change: { pairs, fault: { blocked: true } } },
      peers,
      { groups: parts, oneWay },
    );
  }

  pause(peer: Target): Undo {
    return this.#begin({ verb: "pause" }, [this.#up(peer)], {});
  }

  slow(peer: Target, ms: number): Undo {
    checkMs("ms", ms);
    return this.#begin({ verb: "slow", ms }, [this.#cluster.resolve(peer)], { ms });
  }

  clock(peer: Target, fault: ClockFault): Undo {
    checkClockFault(fault);
    const id = this.#up(peer);
    const undo = this.#begin({ verb: "clock", fault }, [id], { ...fault });
    if (fault.jump !== undefined) this.#cluster.surroundings.jump(id, fault.jump);
    return undo;
  }

  disk(): Undo {
    throw new UnbuiltError("disk");
  }

  // ------------------------------------------------------------ faults that are over at once

  tear(): Promise<void> {
    return Promise.reject(new UnbuiltError("tear"));
  }

  wipe(): Promise<void> {
    return Promise.reject(new UnbuiltError("wipe"));
  }

  timers(): Promise<void> {
    return Promise.reject(new UnbuiltError("timers"));
  }

  async resign(target: Target): Promise<void> {
    const peer = this.#up(target);
    this.tell("resign", [peer], {});
    await this.#cluster.resign(peer);
  }

  #begin(
    lasting: Lasting,
    peers: readonly string[],
    data: Readonly<Record<string, unknown>>,
  ): Undo {
    const { verb } = lasting;
    const why = this.refusal(verb);
    if (why !== undefined) throw new InvalidOptionError("fault", verb, `another one: ${why}`);
    const id = this.tell(verb, peers, data);
    const fault: Active = { id, peers, since: this.#cluster.now(), ...lasting };
    this.#active.set(id, fault);
    this.#apply(fault);
    const undo = (): Promise<void> => {
      this.#end(fault);
      return Promise.resolve();
    };
    return { id, undo, [Symbol.asyncDispose]: undo };
  }

  #end(fault: Active): void {
    const { id, verb, peers } = fault;
    if (!this.#active.delete(id)) return;
    this.#apply(fault);
    this.#cluster.announce("fault.undone", { id, verb, peers });
  }

  /** What `fault` concerns becomes what all that last come to. */
  #apply(fault: Active): void {
    const { surroundings } = this.#cluster;
    const active = [...this.#active.values()];
    switch (fault.verb) {
      case "link":
      case "partition":
        for (const { from, to, rule } of rulesOf(linkChanges(active), fault.change.pairs)) {
          surroundings.link(from, to, rule);
        }
        return;
      case "pause":
        return this.#each(fault, (peer) => surroundings.pause(peer, isPaused(active, peer)));
      case "clock":
        return this.#each(fault, (peer) => surroundings.clock(peer, clockOf(active, peer)));
      case "slow":
        return this.#each(fault, (peer) => surroundings.slow(peer, slowness(active, peer)));
    }
  }

  #each({ peers }: Active, fn: (peer: string) => void): void {
    for (const peer of peers) if (this.#cluster.isUp(peer)) fn(peer);
  }

  // ------------------------------------------------------------ what lasts

  active(): readonly ActiveFault[] {
    return [...this.#active.values()].map(({ id, verb, peers, since }) => ({
      id,
      verb,
      peers,
      since,
    }));
  }

  undoAll(): Promise<readonly ActiveFault[]> {
    const undone = this.active();
    const isLink = (fault: Active): boolean => "change" in fault;
    const faults = [...this.#active.values()];
    for (const fault of faults.filter(isLink)) this.#end(fault);
    for (const fault of faults) this.#end(fault);
    return Promise.resolve(undone);
  }

  // ------------------------------------------------------------ what becomes of the peers

  /** A peer has ended: what stopped it is over. All else meets the next one under its name. */
  gone(peer: string): void {
    for (const fault of [...this.#active.values()]) {
      if (fault.verb === "pause" && fault.peers.includes(peer)) this.#end(fault);
    }
    this.#cluster.surroundings.gone(peer);
  }

  /** A peer is up again. */
  back(peer: string): void {
    for (const fault of this.#active.values()) {
      if (!("change" in fault) && fault.peers.includes(peer)) this.#apply(fault);
    }
  }

  /** Makes known that something was done to `peers`; gives its number. */
  tell(
    verb: FaultVerb,
    peers: readonly string[],
    data: Readonly<Record<string, unknown>>,
  ): number {
    const id = ++this.#count;
    const [peer] = peers;
    this.#cluster.announce(`fault.${verb}`, {
      id,
      peers,
      ...(peers.length === 1 && { peer }),
      ...data,
    });
    return id;
  }

  #resolveAll(targets: readonly Target[]): string[] {
    return targets.map((target) => this.#cluster.resolve(target));
  }

  #up(target: Target): string {
    const peer = this.#cluster.resolve(target);
    if (this.#cluster.isUp(peer)) return peer;
    throw new InvalidOptionError("peer", peer, "a peer that is up");
  }
}
