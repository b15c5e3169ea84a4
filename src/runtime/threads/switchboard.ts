import type { ActorId, ActorRef, ExitReason, NodeId, SpawnOptions } from "../../actor/mod.ts";
import {
  DEFAULT_START_TIMEOUT,
  InvalidOptionError,
  kernelId,
  KILLED,
  nodeOf,
  NOPROC,
  NORMAL,
  StartFailedError,
  SystemClosedError,
} from "../../actor/mod.ts";
import type { ActorNode } from "../../actor/node.ts";
import { makeRef } from "../../actor/refs.ts";
import type { RegistryClient } from "../../registry/mod.ts";
import { UnresponsiveError } from "./errors.ts";
import type { Ground, MainHost, OwnedThread } from "./ground.ts";
import type { Suspicion } from "./liveness.ts";
import { Liveness } from "./liveness.ts";
import type { LivenessOptions } from "./liveness_options.ts";
import { Morgue } from "./morgue.ts";
import { Mourning } from "./mourning.ts";
import { RegistryKeeper } from "./registry_keeper.ts";
import { hasCode, startFailure } from "./start_failure.ts";
import type { Tenant } from "./tenants.ts";
import { whenReady } from "./when_ready.ts";
import type { KernelProtocol, SpawnRequest } from "./wire.ts";

/** Milliseconds that a start may take beyond its limit, for the thread itself to tell what took so long. */
const START_GRACE = 500;

/** How many threads a named pool has. */
export type Pools = Readonly<Record<string, { readonly size: number }>>;

/** What a switchboard is told of its system. */
export interface SwitchboardOptions {
  readonly pools: Pools;
  readonly liveness: Required<LivenessOptions>;
  readonly maxZombies: number;
  /** The main thread's names, which are told of deaths as those of other threads are. */
  readonly names: Pick<RegistryClient, "nodeDown">;
}

/** The main thread's part: owns the threads, makes links between them on first use, announces deaths. Carries no messages. */
export class Switchboard {
  readonly #node: ActorNode;
  readonly #host: MainHost;
  readonly #ground: Ground;
  readonly #options: SwitchboardOptions;
  readonly #liveness: Liveness;
  readonly #looking: Disposable;
  readonly #morgue: Morgue;
  readonly #keeper: RegistryKeeper;
  readonly #mourning: Mourning;
  readonly #threads = new Map<NodeId, OwnedThread>();
  readonly #pooled = new Map<string, NodeId[]>();
  /** Pairs of nodes that have a link, as `smaller|larger`. */
  readonly #linked = new Set<string>();
  #turn = 0;
  #started = 0;
  #closed = false;

  constructor(node: ActorNode, host: MainHost, ground: Ground, options: SwitchboardOptions) {
    this.#node = node;
    this.#host = host;
    this.#ground = ground;
    this.#options = options;
    const { clock } = host;
    this.#liveness = new Liveness(options.liveness, {
      unresponsive: (hanging, suspicion) => this.#unresponsive(hanging, suspicion),
      responsive: (back, silentMs) => this.#event("node.responsive", back, { silentMs }),
    });
    this.#looking = ground.looking(
      this.#liveness.lookMs,
      () => this.#liveness.look(clock.now()),
    );
    this.#keeper = new RegistryKeeper({
      clock,
      home: node.outside,
      nodes: () => [node.id, ...this.#threads.keys()],
      kernel: (of) => this.kernel(of),
    });
    this.#mourning = new Mourning({
      host,
      keeper: this.#keeper,
      names: options.names,
      nodes: () => this.#threads.keys(),
      kernel: (of) => this.kernel(of),
      told: (of, reason) => this.#event("node.down", of, { reason }),
    });
    this.#morgue = new Morgue(clock, options.maxZombies, {
      stuck: (stuck, sinceMs) => this.#event("thread.stuck", stuck, { sinceMs }),
      gone: (gone, afterMs) => this.#event("thread.gone", gone, { afterMs }),
    });
  }

  /** The threads that live. */
  get threads(): readonly OwnedThread[] {
    return [...this.#threads.values()];
  }

  get zombies(): Morgue["zombies"] {
    return this.#morgue.zombies;
  }

  get liveness(): Pick<Liveness, "state" | "suspicion"> {
    return this.#liveness;
  }

  // ------------------------------------------------------------ spawning

  async spawn(request: SpawnRequest, signal?: AbortSignal): Promise<ActorId> {
    const {
      placement,
      startTimeout = DEFAULT_START_TIMEOUT,
      heap,
      name,
      killUnresponsive = false,
    } = request.options;
    if (placement === undefined || placement === "local") {
      throw new InvalidOptionError("placement", placement, `"thread" or { pool }`);
    }
    const what = name ?? request.source.url;
    const thread = placement === "thread"
      ? this.#startThread(what, undefined, heap)
      : this.#fromPool(placement.pool, killUnresponsive);
    const tenant: Tenant = { name, parent: request.bonds.parent, killUnresponsive };
    thread.tenants.coming(tenant);
    let id: ActorId | undefined;
    const begun = this.#host.clock.now();
    try {
      await whenReady(thread, startTimeout, signal, this.#host.clock);
      const spent = this.#host.clock.now() - begun;
      // The thread's own timer tells more than the ask's would.
      const timeout = Math.max(1, startTimeout - spent) + START_GRACE;
      id = await this.kernel(thread.node)
        .with({ timeout, ...(signal && { signal }) })
        .ask.spawn({ ...request, spent });
      return id;
    } catch (error) {
      const why = await startFailure(thread, error, startTimeout, this.#host.clock);
      if (thread.exclusive) this.end(thread, NORMAL);
      if (why === error && hasCode(error, ...OWN_CODES)) throw error;
      throw new StartFailedError(what, why);
    } finally {
      thread.tenants.came(tenant, id);
      // It may have ended before it was known that it came.
      if (id !== undefined && thread.exclusive && thread.tenants.none) this.#finish(thread, NORMAL);
    }
  }

  #startThread(
    purpose: string,
    pool: string | undefined,
    heap: SpawnOptions["heap"],
  ): OwnedThread {
    if (this.#closed) throw new SystemClosedError("The system was shut down: no thread is started");
    this.#morgue.admit();
    const node = `t${++this.#started}` as NodeId;
    const thread: OwnedThread = this.#ground.start(
      { node, purpose, pool, heap, startedAt: this.#host.clock.now() },
      (cause) => this.#mourn(thread, cause),
    );
    this.#threads.set(node, thread);
    this.#liveness.add(node, thread.pulse);
    this.#linked.add(pair(this.#node.id, node));
    return thread;
  }

  #fromPool(name: string, killUnresponsive: boolean): OwnedThread {
    const { pools } = this.#options;
    const pool = pools[name];
    if (pool === undefined) {
      throw new InvalidOptionError("placement.pool", name, `one of ${Object.keys(pools)}`);
    }
    const nodes = (this.#pooled.get(name) ?? []).filter((node) => this.#threads.has(node));
    this.#pooled.set(name, nodes);
    if (nodes.length < pool.size) {
      const thread = this.#startThread(name, name, undefined);
      nodes.push(thread.node);
      return thread;
    }
    const awake = nodes.filter((node) => this.#liveness.suspicion(node) === undefined);
    const choice = awake.length > 0 ? awake : nodes;
    const thread = this.#threads.get(choice[this.#turn++ % choice.length] as NodeId) as OwnedThread;
    const suspicion = this.#liveness.suspicion(thread.node);
    if (suspicion === undefined || !killUnresponsive) return thread;
    this.#endHanging(thread, suspicion);
    return this.#fromPool(name, killUnresponsive);
  }

  becameReady(node: NodeId): void {
    this.#threads.get(node)?.becameReady();
    this.#keeper.came(node);
  }

  // ------------------------------------------------------------ links

  /** Gives `from` and `to` a port to each other, unless they have one. */
  connect(from: NodeId, to: NodeId): void {
    const gone = (node: NodeId): boolean => node !== this.#node.id && !this.#threads.has(node);
    if (gone(to)) return void this.#tellGone(from, to);
    if (gone(from) || this.#linked.has(pair(from, to))) return;
    this.#linked.add(pair(from, to));
    this.#ground.connect(from, to);
  }

  /** Nothing that `from` ever sent to `to` has arrived there, nor will. Its names are free before that is known. */
  async #tellGone(from: NodeId, to: NodeId): Promise<void> {
    await this.#mourning.over(to);
    if (!this.#threads.has(from)) return;
    this.kernel(from).tell.nodeDown(to, this.#host.down(to) ?? NOPROC, -Infinity);
  }

  // ------------------------------------------------------------ deaths

  /** Something inside the thread failed that no call can be blamed for; its exit follows. */
  crashed(node: NodeId, error: Error): void {
    const thread = this.#threads.get(node);
    if (thread !== undefined) thread.crash = error;
  }

  /** An actor ended by itself; a thread that was its alone goes with it. */
  actorEnded(id: ActorId, reason: ExitReason, at: number): void {
    const thread = this.#threads.get(nodeOf(id));
    if (thread === undefined) return;
    thread.tenants.left(id);
    if (!thread.exclusive || !thread.tenants.none) return;
    thread.goneSince = at;
    this.#finish(thread, reason);
  }

  /** Ends an actor without its consent: its thread where it is alone there. */
  kill(id: ActorId): void {
    const thread = this.#threads.get(nodeOf(id));
    if (thread === undefined) return this.#node.cell(id)?.kill(KILLED);
    if (thread.exclusive && thread.tenants.living.has(id)) return this.end(thread, KILLED);
    this.#host.send(thread.node, { kind: "kill", to: id, reason: KILLED }, []);
  }

  /** Ends a thread as a fault would: its actors' watchers are told `nodedown`. Gives whether it was there. */
  terminate(node: NodeId): boolean {
    const thread = this.#threads.get(node);
    if (thread === undefined) return false;
    this.end(thread, { kind: "nodedown", node, cause: new Error("its thread was terminated") });
    return true;
  }

  /** Ends the registry's thread as a fault would. */
  crashRegistry(): void {
    const { node } = this.#keeper;
    if (node !== undefined) this.terminate(node);
  }

  #unresponsive(node: NodeId, suspicion: Suspicion): void {
    const { phi, silentMs, current } = suspicion;
    this.#event("node.unresponsive", node, {
      phi,
      sinceMs: silentMs,
      ...(current && {
        method: current.method,
        methodSinceMs: this.#host.clock.now() - current.since,
      }),
    }, current?.actor);
    const thread = this.#threads.get(node);
    if (thread === undefined) return;
    const { tenants } = thread;
    // Loading a module takes what it takes; the start has a limit of its own.
    const loading = current === undefined && tenants.living.size === 0;
    const wanted = this.#options.liveness.kill || tenants.killUnresponsive;
    if (wanted && !loading) this.#endHanging(thread, suspicion);
  }

  #endHanging(thread: OwnedThread, suspicion: Suspicion): void {
    const { node } = thread;
    this.end(thread, { kind: "nodedown", node, cause: new UnresponsiveError(node, suspicion) });
  }

  /** Declares `thread` dead, and ends it. Whatever it still does is void. */
  end(thread: OwnedThread, reason: ExitReason): void {
    thread.pulse.condemn();
    this.#finish(thread, reason);
  }

  #finish(thread: OwnedThread, reason: ExitReason): void {
    if (thread.reason !== undefined) return;
    thread.reason = reason;
    thread.terminate();
    this.#morgue.add(thread);
    this.#mourn(thread, undefined);
  }

  #mourn(thread: OwnedThread, cause: Error | undefined): void {
    const { node } = thread;
    if (!this.#threads.delete(node)) return;
    this.#liveness.remove(node);
    for (const other of [this.#node.id, ...this.#threads.keys()]) {
      this.#linked.delete(pair(node, other));
    }
    this.#mourning.begin(thread, cause);
  }

  // ------------------------------------------------------------ inspection, end

  /** A registry runs as `id`. */
  announce(id: ActorId): void {
    void this.#keeper.announce(id);
  }

  kernel(node: NodeId): ActorRef<KernelProtocol> {
    return makeRef<KernelProtocol>(this.#node.outside, kernelId(node), `kernel ${node}`);
  }

  #event(
    kind: string,
    node: NodeId,
    data: Readonly<Record<string, unknown>>,
    actor?: ActorId,
  ): void {
    const name = actor && this.#threads.get(node)?.tenants.living.get(actor)?.name;
    this.#host.emit({ kind, at: this.#host.clock.now(), node, actor, name, data });
  }

  /** Ends every thread. Settles when all are gone, or known to be stuck. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#looking[Symbol.dispose]();
    for (const thread of this.threads) this.end(thread, KILLED);
    await this.#morgue.settled();
    await this.#mourning.allOver();
  }
}

/** Errors of a spawn that say all there is to say. */
const OWN_CODES = ["start_failed", "already_registered", "ignored", "aborted"];

function pair(a: NodeId, b: NodeId): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`;
}
