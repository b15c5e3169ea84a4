import type { Cluster, CrashKind } from "../../cluster/api.ts";
import type { ActiveFault, LinkFault, Undo } from "../../cluster/faults.ts";
import type { Breaking, Crashing, Lasting } from "./breaking.ts";

/** The faults of a cluster of this process. */
export class LocalBreaking implements Breaking {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async crash(
    peer: string,
    how?: CrashKind,
    { hold = false, forMs }: Crashing = {},
  ): Promise<string> {
    const id = await this.#cluster.crash(peer, how, { hold: hold || forMs !== undefined });
    if (forMs !== undefined) this.#restartAfter(id, forMs);
    return id;
  }

  async partition(
    groups: readonly (readonly string[])[],
    { oneWay = false, ...lasting }: Lasting & { readonly oneWay?: boolean } = {},
  ): Promise<void> {
    await this.#lasts(this.#cluster.faults.partition(groups, { oneWay }), lasting);
  }

  async link(from: string, to: string, fault: LinkFault, lasting: Lasting = {}): Promise<void> {
    await this.#lasts(this.#cluster.faults.link([from], [to], fault), lasting);
  }

  async pause(peer: string, lasting: Lasting = {}): Promise<void> {
    await this.#lasts(this.#cluster.faults.pause(peer), lasting);
  }

  async slow(peer: string, ms: number, lasting: Lasting = {}): Promise<void> {
    await this.#lasts(this.#cluster.faults.slow(peer, ms), lasting);
  }

  timers(how: "align" | "spread", peers: readonly string[]): Promise<void> {
    return this.#cluster.faults.timers(how, ...(peers.length === 0 ? [] : [peers] as const));
  }

  heal(): Promise<readonly ActiveFault[]> {
    return this.#cluster.faults.undoAll();
  }

  active(): Promise<readonly ActiveFault[]> {
    return Promise.resolve(this.#cluster.faults.active());
  }

  /** Unless somebody else starts it before. */
  #restartAfter(peer: string, ms: number): void {
    const { time } = this.#cluster;
    const due = time.at(time.now() + ms, () => {
      back[Symbol.dispose]();
      // A cluster that is closing starts nobody.
      this.#cluster.restart(peer).catch(() => {});
    });
    const back = this.#cluster.on("peer.up", ({ data }) => {
      if (data["peer"] !== peer) return;
      due[Symbol.dispose]();
      back[Symbol.dispose]();
    });
  }

  #lasts(fault: Undo, { forMs }: Lasting): Promise<void> {
    if (forMs === undefined) return Promise.resolve();
    const { time } = this.#cluster;
    time.at(time.now() + forMs, () => {
      // A cluster that is closing has undone it.
      fault.undo().catch(() => {});
    });
    return Promise.resolve();
  }
}
