import { MessageChannel } from "node:worker_threads";
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
import type { RegistryProtocol } from "../../registry/mod.ts";
import type { ThreadHost } from "./host.ts";
import { Thread } from "./thread.ts";
import type { KernelProtocol, SpawnRequest } from "./wire.ts";

/** Milliseconds that a death waits for the registry to free names. */
const FREE_NAMES_TIMEOUT = 1_000;
/** Milliseconds that a new registry waits for a node to tell what it holds. */
const RECLAIM_TIMEOUT = 2_000;
/** Milliseconds that shutting down waits for threads to be gone. */
const EXIT_TIMEOUT = 2_000;

/** How many threads a named pool has. */
export type Pools = Readonly<Record<string, { readonly size: number }>>;

/** The main thread's part: owns the threads, makes links between them on first use, announces deaths. Carries no messages. */
export class Switchboard {
  readonly #node: ActorNode;
  readonly #host: ThreadHost;
  readonly #start: number;
  readonly #seed: string;
  readonly #pools: Pools;
  readonly #threads = new Map<NodeId, Thread>();
  readonly #pooled = new Map<string, NodeId[]>();
  /** Pairs of nodes that have a link, as `smaller|larger`. */
  readonly #linked = new Set<string>();
  /** Deaths that not everybody has been told of yet. */
  readonly #mourning = new Set<Promise<void>>();
  #turn = 0;
  #started = 0;
  #registry: ActorId | undefined;
  #closed = false;

  constructor(node: ActorNode, host: ThreadHost, start: number, seed: string, pools: Pools) {
    this.#node = node;
    this.#host = host;
    this.#start = start;
    this.#seed = seed;
    this.#pools = pools;
  }

  /** The threads that live. */
  get nodes(): readonly NodeId[] {
    return [...this.#threads.keys()];
  }

  // ------------------------------------------------------------ spawning

  async spawn(request: SpawnRequest, signal?: AbortSignal): Promise<ActorId> {
    const { placement, startTimeout = DEFAULT_START_TIMEOUT, heap, name } = request.options;
    if (placement === undefined || placement === "local") {
      throw new InvalidOptionError("placement", placement, `"thread" or { pool }`);
    }
    const what = name ?? request.source.url;
    const thread = placement === "thread"
      ? this.#startThread(true, heap)
      : this.#fromPool(placement.pool);
    const deadline = this.#host.clock.now() + startTimeout;
    try {
      await this.#whenReady(thread, startTimeout, signal);
      const left = Math.max(1, deadline - this.#host.clock.now());
      // The thread's own timer tells more than the ask's would.
      const timeout = startTimeout === Infinity ? Infinity : left + 1_000;
      const options = { ...request.options, ...(timeout !== Infinity && { startTimeout: left }) };
      return await this.#kernel(thread.node)
        .with({ timeout, ...(signal && { signal }) })
        .ask.spawn({ ...request, options });
    } catch (error) {
      if (thread.exclusive) this.end(thread, NORMAL);
      if (error instanceof Error && "code" in error && OWN_CODES.has(String(error.code))) {
        throw error;
      }
      throw new StartFailedError(what, thread.crash ?? error);
    }
  }

  #startThread(exclusive: boolean, heap: SpawnOptions["heap"]): Thread {
    if (this.#closed) throw new SystemClosedError("The system was shut down: no thread is started");
    const node = `t${++this.#started}` as NodeId;
    const thread: Thread = new Thread(
      { node, start: this.#start, seed: `${this.#seed}/${node}` },
      { exclusive, heap },
      (cause) => this.#mourn(thread, cause),
    );
    this.#threads.set(node, thread);
    this.#linked.add(pair(this.#node.id, node));
    this.#host.link(node, thread.port);
    return thread;
  }

  #fromPool(name: string): Thread {
    const pool = this.#pools[name];
    if (pool === undefined) {
      throw new InvalidOptionError("placement.pool", name, `one of ${Object.keys(this.#pools)}`);
    }
    const nodes = (this.#pooled.get(name) ?? []).filter((node) => this.#threads.has(node));
    this.#pooled.set(name, nodes);
    if (nodes.length < pool.size) {
      const thread = this.#startThread(false, undefined);
      nodes.push(thread.node);
      return thread;
    }
    return this.#threads.get(nodes[this.#turn++ % nodes.length] as NodeId) as Thread;
  }

  #whenReady(thread: Thread, ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = ms === Infinity ? undefined : this.#host.clock.setTimeout(() => {
        reject(new Error(`its thread was not ready within ${ms} ms`));
      }, ms);
      const abort = (): void => reject(signal?.reason);
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
      thread.ready.then(resolve, reject).finally(() => {
        timer?.[Symbol.dispose]();
        signal?.removeEventListener("abort", abort);
      });
    });
  }

  becameReady(node: NodeId): void {
    this.#threads.get(node)?.becameReady();
    if (this.#registry !== undefined) void this.#introduceTo(node, this.#registry);
  }

  // ------------------------------------------------------------ links

  /** Gives `from` and `to` a port to each other, unless they have one. */
  connect(from: NodeId, to: NodeId): void {
    const gone = (node: NodeId): boolean => node !== this.#node.id && !this.#threads.has(node);
    if (gone(to)) {
      if (!gone(from)) this.#kernel(from).tell.nodeDown(to, this.#host.down(to) ?? NOPROC);
      return;
    }
    if (gone(from) || this.#linked.has(pair(from, to))) return;
    this.#linked.add(pair(from, to));
    const { port1, port2 } = new MessageChannel();
    this.#hand(from, to, port1);
    this.#hand(to, from, port2);
  }

  #hand(node: NodeId, peer: NodeId, port: unknown): void {
    const transfer = [port] as unknown as ArrayBuffer[];
    this.#kernel(node).with({ transfer }).tell.link(peer, port as never);
  }

  // ------------------------------------------------------------ deaths

  /** Something inside the thread failed that no call can be blamed for; its exit follows. */
  crashed(node: NodeId, error: Error): void {
    const thread = this.#threads.get(node);
    if (thread !== undefined) thread.crash = error;
  }

  /** An actor ended by itself; a thread that was its alone goes with it. */
  actorEnded(id: ActorId, reason: ExitReason): void {
    const thread = this.#threads.get(nodeOf(id));
    if (thread?.exclusive) this.end(thread, reason);
  }

  /** Ends an actor without its consent: its thread where it is alone there. */
  kill(id: ActorId): void {
    const thread = this.#threads.get(nodeOf(id));
    if (thread === undefined) return this.#node.cell(id)?.kill(KILLED);
    if (thread.exclusive) return this.end(thread, KILLED);
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
    if (this.#registry !== undefined) this.terminate(nodeOf(this.#registry));
  }

  /** Declares `thread` dead, and ends it. */
  end(thread: Thread, reason: ExitReason): void {
    if (thread.reason !== undefined) return;
    thread.reason = reason;
    thread.terminate();
    this.#mourn(thread, undefined);
  }

  #mourn(thread: Thread, cause: Error | undefined): void {
    const done: Promise<void> = this.#died(thread, cause).finally(() =>
      this.#mourning.delete(done)
    );
    this.#mourning.add(done);
  }

  async #died(thread: Thread, cause: Error | undefined): Promise<void> {
    const { node } = thread;
    if (!this.#threads.delete(node)) return;
    for (const other of [this.#node.id, ...this.#threads.keys()]) {
      this.#linked.delete(pair(node, other));
    }
    // Its own words may still be in the port when its exit is known.
    const provisional: ExitReason = { kind: "nodedown", node };
    await this.#host.awaitLast(node, thread.reason ?? provisional);
    const reason = reasonOf(thread, cause);
    await this.#freeNames(node, reason);
    this.#host.finishDown(node, reason);
    for (const other of this.#threads.keys()) this.#kernel(other).tell.nodeDown(node, reason);
    this.#host.emit({
      kind: "node.down",
      at: this.#host.clock.now(),
      node,
      actor: undefined,
      name: undefined,
      data: { reason },
    });
  }

  /** Names are free before anyone sees the death (OTP: `named_down`). */
  async #freeNames(node: NodeId, reason: ExitReason): Promise<void> {
    const registry = this.#registry;
    if (registry === undefined) return;
    if (nodeOf(registry) === node) return void (this.#registry = undefined);
    const ref = makeRef<RegistryProtocol>(this.#node.outside, registry, undefined);
    await ref.with({ timeout: FREE_NAMES_TIMEOUT }).ask.nodeDown(node, reason).catch(() => {});
  }

  // ------------------------------------------------------------ the registry

  /** A registry runs as `id`. Every node tells it what it holds; then it answers. */
  announce(id: ActorId): void {
    this.#registry = id;
    void this.#introduce(id);
  }

  async #introduce(id: ActorId): Promise<void> {
    const nodes = [this.#node.id, ...this.#threads.keys()];
    await Promise.all(nodes.map((node) => this.#introduceTo(node, id)));
    makeRef<RegistryProtocol>(this.#node.outside, id, undefined).tell.open();
  }

  async #introduceTo(node: NodeId, id: ActorId): Promise<void> {
    await this.#kernel(node).with({ timeout: RECLAIM_TIMEOUT }).ask.registryIs(id).catch(() => {});
  }

  // ------------------------------------------------------------ inspection, end

  /** The kernel of every node, the main one first. */
  kernels(): ActorRef<KernelProtocol>[] {
    return [this.#node.id, ...this.#threads.keys()].map((node) => this.#kernel(node));
  }

  #kernel(node: NodeId): ActorRef<KernelProtocol> {
    return makeRef<KernelProtocol>(this.#node.outside, kernelId(node), `kernel ${node}`);
  }

  /** Ends every thread. Gives those that were not gone in time. */
  async close(): Promise<NodeId[]> {
    this.#closed = true;
    const threads = [...this.#threads.values()];
    for (const thread of threads) this.end(thread, KILLED);
    const stuck = new Set(threads.map((thread) => thread.node));
    const all = Promise.all(threads.map(async (thread) => {
      await thread.exited;
      stuck.delete(thread.node);
      await Promise.all(this.#mourning);
    }));
    let timer: Disposable | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = this.#host.clock.setTimeout(resolve, EXIT_TIMEOUT);
    });
    await Promise.race([all, limit]);
    timer?.[Symbol.dispose]();
    return [...stuck];
  }
}

/** Errors of a spawn that say all there is to say. */
const OWN_CODES: ReadonlySet<string> = new Set([
  "start_failed",
  "already_registered",
  "ignored",
  "aborted",
]);

function pair(a: NodeId, b: NodeId): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`;
}

function reasonOf(thread: Thread, cause: Error | undefined): ExitReason {
  if (thread.reason !== undefined) return thread.reason;
  const error = thread.crash ?? cause;
  if (error !== undefined && thread.exclusive && thread.crash !== undefined) {
    return { kind: "error", error };
  }
  return { kind: "nodedown", node: thread.node, ...(error && { cause: error }) };
}
