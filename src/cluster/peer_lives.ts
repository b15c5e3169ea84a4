import type { NameRef, NodeId, SystemEvent } from "../actor/mod.ts";
import { InvalidOptionError } from "../actor/mod.ts";
import type { PeerFault, PeerProtocol } from "../peer/mod.ts";
import type { SupervisorProtocol } from "../supervision/mod.ts";
import { ChildNotFoundError } from "../supervision/mod.ts";
import type { CrashKind } from "./api.ts";
import type { Premises } from "./premises.ts";
import { Turns } from "./turns.ts";

/** Milliseconds that a hanging peer is left alone before it is killed. */
const HANG_LIMIT = 2_000;

/** What {@linkcode PeerLives} needs of its cluster. */
export interface LivingCluster {
  readonly premises: Premises;
  /** Whether the supervisor restarts a peer that crashed. */
  readonly restart: boolean;
  supervisor(): NameRef<SupervisorProtocol>;
  peer(id: string): NameRef<PeerProtocol>;
  /** Starts a peer that its supervisor has forgotten. */
  startAnew(id: string): Promise<void>;
  terminate(node: NodeId): void;
  on(kind: string, fn: (event: SystemEvent) => void): Disposable;
  /** A peer is about to be stopped: what keeps it from that must end. */
  stopping(id: string): void;
}

/** Which peers are up, and how they are ended and started. Peers are told by their ids. */
export class PeerLives {
  readonly #cluster: LivingCluster;
  /** The thread that each living peer is in. */
  readonly #nodes = new Map<string, NodeId>();
  /** How hanging peers are let go, and when they are at the latest. */
  readonly #hangs = new Map<string, { readonly letGo: () => void; readonly timer: Disposable }>();

  /** Peers that are kept down until somebody starts them. */
  readonly #held = new Set<string>();

  /** Two who end and start one peer at the same time would undo each other's work. */
  readonly #turns = new Turns();

  constructor(cluster: LivingCluster) {
    this.#cluster = cluster;
  }

  isUp(id: string): boolean {
    return this.#nodes.has(id);
  }

  began(id: string, node: NodeId): void {
    this.#held.delete(id);
    this.#nodes.set(id, node);
  }

  /** The living peer that is in thread `node`. */
  peerAt(node: NodeId): string | undefined {
    for (const [id, home] of this.#nodes) if (home === node) return id;
    return undefined;
  }

  /** A thread has ended. Gives the peers that were in it. */
  ended(node: NodeId): string[] {
    const gone = [...this.#nodes].filter(([, home]) => home === node).map(([id]) => id);
    for (const id of gone) {
      this.#nodes.delete(id);
      this.#letGo(id);
    }
    return gone;
  }

  /** @throws InvalidOptionError if it is down */
  check(id: string): NodeId {
    const node = this.#nodes.get(id);
    if (node === undefined) throw new InvalidOptionError("peer", id, "a peer that is up");
    return node;
  }

  /**
   * Breaks a peer; its supervisor starts it again, unless it is to be held down.
   *
   * @throws InvalidOptionError if it is down
   */
  async crash(id: string, how: CrashKind, hold: boolean): Promise<void> {
    this.check(id);
    if (!hold) return this.#strike(id, how);
    await this.#turns.take(id, () => this.#takeDown(id, how));
  }

  /**
   * Does `work` while a peer is down, which is ended as by a crash if it is up. Whatever comes of the work, it is started again if
   * it was up, or would have been again soon. Settles when it is ready.
   */
  whileDown(id: string, work: () => Promise<unknown>): Promise<void> {
    return this.#turns.take(id, async () => {
      const returns = this.isUp(id) || (this.#cluster.restart && !this.#held.has(id));
      await this.#takeDown(id, "terminate");
      try {
        await work();
      } finally {
        if (returns) await this.#restart(id);
      }
    });
  }

  #strike(id: string, how: CrashKind): void {
    const node = this.check(id);
    const victim = {
      id,
      node,
      tell: (way: PeerFault, flag?: SharedArrayBuffer) =>
        this.#cluster.peer(id).tell.fault(way, flag),
    };
    const letGo = this.#cluster.premises.strike(victim, how);
    if (letGo !== undefined) this.#hang(id, node, letGo);
  }

  /** Has a peer be down, and stay so. */
  async #takeDown(id: string, how: CrashKind): Promise<void> {
    if (this.isUp(id)) {
      const gone = this.#until("peer.down", id, HANG_LIMIT + 5_000);
      this.#strike(id, how);
      await this.#cluster.premises.wait(`the end of ${id}`, gone);
    }
    if (this.#cluster.restart) await this.#terminate(id);
    this.#held.add(id);
  }

  /** Its supervisor has ended it, does not start it again, nor is about to; and here it is known to be down. */
  async #terminate(id: string): Promise<void> {
    try {
      await this.#cluster.supervisor().with({ timeout: Infinity }).ask.terminateChild(id);
    } catch (error) {
      // A peer that is not restarted is forgotten as soon as it ends, which this thread may hear of later.
      if (this.#cluster.restart || !(error instanceof ChildNotFoundError)) throw error;
    }
    // Its supervisor may have started it again just before; who asks next whether it is down must not hear of that life.
    if (!this.isUp(id)) return;
    await this.#cluster.premises.wait(`the end of ${id}`, this.#until("peer.down", id, 5_000));
  }

  /** Starts a peer that is down, or stops and starts one that is up. Settles when it is ready. */
  restart(id: string): Promise<void> {
    return this.#turns.take(id, () => this.#restart(id));
  }

  async #restart(id: string): Promise<void> {
    const { premises, restart } = this.#cluster;
    if (restart || this.isUp(id)) await this.#stop(id);
    const up = this.#until("peer.up", id, 30_000);
    try {
      if (!restart) await this.#cluster.startAnew(id);
      else await this.#cluster.supervisor().with({ timeout: Infinity }).ask.restartChild(id);
    } catch (error) {
      up.catch(() => {});
      throw error;
    }
    await premises.wait(`the start of ${id}`, up);
  }

  stop(id: string): Promise<void> {
    return this.#turns.take(id, () => this.#stop(id));
  }

  async #stop(id: string): Promise<void> {
    this.#letGo(id);
    this.#cluster.stopping(id);
    await this.#terminate(id);
    this.#held.add(id);
  }

  #hang(id: string, node: NodeId, letGo: () => void): void {
    const timer = this.#cluster.premises.after(HANG_LIMIT, () => {
      this.#letGo(id);
      this.#cluster.terminate(node);
    });
    this.#hangs.set(id, { letGo, timer });
  }

  #letGo(id: string): void {
    const hang = this.#hangs.get(id);
    if (hang === undefined) return;
    this.#hangs.delete(id);
    hang.timer[Symbol.dispose]();
    hang.letGo();
  }

  /** No peer hangs any more. */
  close(): void {
    for (const id of [...this.#hangs.keys()]) this.#letGo(id);
  }

  #until(kind: string, peer: string, ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.#cluster.premises.after(ms, () => {
        events[Symbol.dispose]();
        reject(new Error(`${peer}: no "${kind}" within ${ms} ms`));
      });
      const events = this.#cluster.on(kind, ({ data }) => {
        if (data["peer"] !== peer) return;
        timer[Symbol.dispose]();
        events[Symbol.dispose]();
        resolve();
      });
    });
  }
}
