import type { Disk, NameRef } from "../actor/mod.ts";
import type { PeerProtocol } from "../peer/mod.ts";
import { tearState, wipeState } from "../peer/mod.ts";
import type { Target } from "./api.ts";
import { checkClockFault, checkDiskFault, checkLinkFault, checkMs } from "./check_faults.ts";
import type {
  ActiveFault,
  ClockFault,
  DiskFault,
  Faults,
  FaultVerb,
  LinkFault,
  Undo,
} from "./faults.ts";
import type { FaultGround } from "./lasting_faults.ts";
import { LastingFaults } from "./lasting_faults.ts";
import { pairsBetween, partedPairs } from "./link_table.ts";
import type { PeerLives } from "./peer_lives.ts";
import type { ClusterView } from "./view.ts";

/** What faults need of their cluster. */
export interface FaultyCluster extends Omit<FaultGround, "isUp"> {
  readonly peers: readonly string[];
  readonly lives: PeerLives;
  /** @throws InvalidOptionError if there is no such peer */
  resolve(target: Target): string;
  view(): ClusterView;
  peer(id: string): NameRef<PeerProtocol>;
  /** Where a peer's state is, without faults. */
  state(id: string): { readonly disk: Disk; readonly folder: string };
}

/** The faults of a cluster. */
export class ClusterFaults implements Faults {
  readonly #cluster: FaultyCluster;
  readonly #lasting: LastingFaults;

  constructor(cluster: FaultyCluster) {
    this.#cluster = cluster;
    this.#lasting = new LastingFaults({ ...cluster, isUp: (peer) => cluster.lives.isUp(peer) });
  }

  refusal(verb: FaultVerb): string | undefined {
    return this.#cluster.surroundings.refusal(verb);
  }

  // ------------------------------------------------------------ faults that last

  link(from: readonly Target[], to: readonly Target[], fault: LinkFault): Undo {
    checkLinkFault(fault);
    const [starts, ends] = [this.#resolveAll(from), this.#resolveAll(to)];
    return this.#lasting.begin(
      { verb: "link", change: { pairs: pairsBetween(starts, ends), fault } },
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
    return this.#lasting.begin(
      { verb: "partition", change: { pairs, fault: { blocked: true } } },
      peers,
      { groups: parts, oneWay },
    );
  }

  pause(peer: Target): Undo {
    return this.#lasting.begin({ verb: "pause" }, [this.#up(peer)], {});
  }

  slow(peer: Target, ms: number): Undo {
    checkMs("ms", ms);
    return this.#lasting.begin({ verb: "slow", ms }, [this.#cluster.resolve(peer)], { ms });
  }

  disk(peer: Target, fault: DiskFault): Undo {
    checkDiskFault(fault);
    return this.#lasting.begin({ verb: "disk", fault }, [this.#cluster.resolve(peer)], {
      ...fault,
    });
  }

  clock(peer: Target, fault: ClockFault): Undo {
    checkClockFault(fault);
    const id = this.#up(peer);
    const undo = this.#lasting.begin({ verb: "clock", fault }, [id], { ...fault });
    if (fault.jump !== undefined) this.#cluster.surroundings.jump(id, fault.jump);
    return undo;
  }

  registry(): Undo {
    return this.#lasting.begin({ verb: "registry" }, [], {});
  }

  active(): readonly ActiveFault[] {
    return this.#lasting.active();
  }

  undoAll(): Promise<readonly ActiveFault[]> {
    return this.#lasting.undoAll();
  }

  // ------------------------------------------------------------ faults that are over at once

  tear(target: Target): Promise<void> {
    return this.#loseState("tear", target, tearState);
  }

  wipe(target: Target): Promise<void> {
    return this.#loseState("wipe", target, wipeState);
  }

  /** What a peer lost shows when it starts again; one that was kept down stays so. */
  async #loseState(
    verb: FaultVerb,
    target: Target,
    lose: (disk: Disk, folder: string) => Promise<unknown>,
  ): Promise<void> {
    const { lives, state, resolve } = this.#cluster;
    const peer = resolve(target);
    this.tell(verb, [peer], {});
    await lives.whileDown(peer, () => {
      const { disk, folder } = state(peer);
      return lose(disk, folder);
    });
  }

  async resign(target: Target): Promise<void> {
    const peer = this.#up(target);
    this.tell("resign", [peer], {});
    await this.#cluster.peer(peer).ask.resign(this.#cluster.view().get(peer)?.epoch ?? 0);
  }

  async timers(how: "align" | "spread", targets?: readonly Target[]): Promise<void> {
    const peers = targets === undefined
      ? this.#cluster.peers.filter((peer) => this.#cluster.lives.isUp(peer))
      : targets.map((target) => this.#up(target));
    this.tell("timers", peers, { how });
    const part = (i: number): number => how === "align" ? 0.5 : (i + 0.5) / peers.length;
    await Promise.all(peers.map((peer, i) => this.#cluster.peer(peer).ask.timing(part(i))));
  }

  // ------------------------------------------------------------ for the cluster

  /** See {@linkcode LastingFaults.tell}. */
  tell(
    verb: FaultVerb,
    peers: readonly string[],
    data: Readonly<Record<string, unknown>>,
  ): number {
    return this.#lasting.tell(verb, peers, data);
  }

  /** See {@linkcode LastingFaults.gone}. */
  gone(peer: string): void {
    this.#lasting.gone(peer);
  }

  /** See {@linkcode LastingFaults.back}. */
  back(peer: string): void {
    this.#lasting.back(peer);
  }

  #resolveAll(targets: readonly Target[]): string[] {
    return targets.map((target) => this.#cluster.resolve(target));
  }

  /** @throws InvalidOptionError if there is no such peer, or it is down */
  #up(target: Target): string {
    const peer = this.#cluster.resolve(target);
    this.#cluster.lives.check(peer);
    return peer;
  }
}
