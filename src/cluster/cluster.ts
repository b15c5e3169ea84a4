import { EventEmitter } from "eventemitter3";
import type { NameRef, NodeId, Registry, SystemEvent } from "../actor/mod.ts";
import { fromModule, InvalidOptionError, toError } from "../actor/mod.ts";
import type { SupervisorProtocol } from "../supervision/mod.ts";
import { child, supervisor } from "../supervision/mod.ts";
import type { peer as peerActor, PeerArgs, PeerProtocol } from "../peer/mod.ts";
import { peerName, provision } from "../peer/mod.ts";
import type { ActorSystem } from "../runtime/threads/mod.ts";
import { createSystem, moduleUrl, ROOT_NAME, threadDisk } from "../runtime/threads/mod.ts";
import type {
  Agreement,
  Cluster,
  ClusterOptions,
  CrashKind,
  PeerHandle,
  PeerView,
  Target,
} from "./api.ts";
import { RunFolders } from "./folders.ts";
import { LogFiles } from "./log_files.ts";
import { validateOptions } from "./options.ts";
import { NamedPeer } from "./peer_handle.ts";
import { peerId, resolveTarget } from "./targets.ts";
import type { ClusterView } from "./view.ts";
import { agreement, apply, emptyView } from "./view.ts";

/** Milliseconds that a hanging peer is left alone before it is killed. */
const HANG_LIMIT = 2_000;
/** Milliseconds that a crashed peer stays down before its supervisor starts it again. */
const RESTART_DELAY = 500;
/** Restarts in a minute, per peer, that are taken for an experiment and not for a fault of ours. */
const RESTARTS = 60;

/**
 * Starts a registry, a supervisor tree and peers in this process; settles when every peer is up. A tracker is elected meanwhile or soon
 * after: see {@linkcode Cluster.tracker}.
 *
 * @throws InvalidOptionError naming the option; StartFailedError. Nothing is left running then.
 *
 * @example
 * ```ts
 * import { createCluster } from "troupe";
 * await using cluster = await createCluster({ peers: 5 });
 * const first = await cluster.tracker();
 * await cluster.crash("tracker");
 * const next = await cluster.tracker({ above: first.epoch });
 * console.log(`${first.tracker} of epoch ${first.epoch}, then ${next.tracker} of epoch ${next.epoch}`);
 * ```
 */
export async function createCluster(options: ClusterOptions = {}): Promise<Cluster> {
  validateOptions(options);
  const cluster = new LocalCluster(options);
  try {
    await cluster.start();
  } catch (error) {
    await cluster.close();
    throw error;
  }
  return cluster;
}

type Listeners = { [kind: string]: (event: SystemEvent) => void };

class LocalCluster implements Cluster {
  readonly peers: readonly string[];
  readonly folder: string;
  readonly #options: ClusterOptions;
  readonly #folders: RunFolders;
  readonly #logs: LogFiles;
  readonly #emitter = new EventEmitter<Listeners>();
  /** The thread that each living peer is in. */
  readonly #nodes = new Map<string, NodeId>();
  /** Blocked peers look at theirs, to be let go. */
  readonly #hangs = new Map<
    string,
    { readonly flag: Int32Array; readonly timer: ReturnType<typeof setTimeout> }
  >();
  #view: ClusterView;
  #system: ActorSystem | undefined;
  #transfers = 0;
  #closing: Promise<void> | undefined;

  constructor(options: ClusterOptions) {
    this.#options = options;
    const now = new Date();
    this.#folders = new RunFolders(options, now);
    this.folder = this.#folders.root;
    this.#logs = new LogFiles(now.getTime());
    this.peers = Array.from({ length: options.peers ?? 5 }, (_, i) => peerId(i + 1));
    this.#view = emptyView(this.peers);
    if (options.onEvent !== undefined) this.#emitter.on("*", options.onEvent);
  }

  async start(): Promise<void> {
    const specs = await Promise.all(this.peers.map((id) => this.#spec(id)));
    const root = supervisor(
      { intensity: RESTARTS * this.peers.length, periodMs: 60_000 },
      specs,
    );
    const { seed } = this.#options;
    this.#system = await createSystem({
      root,
      ...(seed !== undefined && { seed }),
      onEvent: (event) => this.#receive(event),
    });
  }

  async #spec(id: string): Promise<ReturnType<typeof child>> {
    const folders = this.#folders.of(id);
    this.#logs.open(id, folders.log);
    const { profile = "default", timers, protocol, quorum, unsafe, restart = true } = this.#options;
    const args: PeerArgs = {
      id,
      electorate: this.peers,
      shared: folders.shared,
      downloads: folders.downloads,
      state: folders.state,
      election: {
        profile,
        ...(timers && { timers }),
        ...(protocol !== undefined && { protocol }),
        ...(quorum !== undefined && { quorum }),
        ...(unsafe !== undefined && { unsafe }),
      },
    };
    await provision(threadDisk(), args);
    const url = moduleUrl("../../workers/peer.ts", import.meta.url);
    return child({
      id,
      start: fromModule<typeof peerActor>(url),
      args,
      name: peerName(id),
      placement: "thread",
      restart: restart ? "permanent" : "temporary",
      ...(restart && {
        backoff: { min: RESTART_DELAY, max: RESTART_DELAY * 8, randomFactor: 0 },
      }),
    });
  }

  get #running(): ActorSystem {
    if (this.#system === undefined) throw new Error("The cluster has not started");
    return this.#system;
  }

  get seed(): string {
    return this.#running.seed;
  }

  get registry(): Registry {
    return this.#running.registry;
  }

  // ------------------------------------------------------------ events

  #receive(event: SystemEvent): void {
    const { kind, data, node } = event;
    if (kind === "peer.up") this.#nodes.set(String(data["peer"]), node);
    this.#publish(event);
    if (kind === "node.down") this.#nodeDown(event);
  }

  #nodeDown({ at, node, data }: SystemEvent): void {
    for (const [peer, home] of this.#nodes) {
      if (home !== node) continue;
      this.#nodes.delete(peer);
      this.#letGo(peer);
      const { reason } = data;
      this.#publish({
        kind: "peer.down",
        at,
        node,
        actor: undefined,
        name: peerName(peer),
        data: { peer, reason },
      });
    }
  }

  #publish(event: SystemEvent): void {
    this.#view = apply(this.#view, event);
    const peer = event.data["peer"];
    if (typeof peer === "string") this.#logs.write(peer, event);
    this.#emitter.emit(event.kind, event);
    this.#emitter.emit("*", event);
  }

  #announce(kind: string, data: Readonly<Record<string, unknown>>): void {
    const at = this.#running.now();
    const node = "main" as NodeId;
    this.#publish({ kind, at, node, actor: undefined, name: undefined, data });
  }

  on(
    kind: string,
    fn: (event: SystemEvent) => void,
    options: { readonly signal?: AbortSignal } = {},
  ): Disposable {
    const off = (): void => void this.#emitter.off(kind, fn);
    if (!options.signal?.aborted) this.#emitter.on(kind, fn);
    options.signal?.addEventListener("abort", off, { once: true });
    return { [Symbol.dispose]: off };
  }

  // ------------------------------------------------------------ looking

  view(): readonly PeerView[] {
    return this.peers.map((id) => this.#view.get(id) as PeerView);
  }

  folders(
    peer: Target,
  ): { readonly shared: string; readonly downloads: string; readonly log: string } {
    return this.#folders.paths(this.#resolve(peer));
  }

  peer(peer: Target): PeerHandle {
    const id = this.#resolve(peer);
    const ref = this.#running.registry.via<PeerProtocol>(peerName(id));
    return new NamedPeer(id, ref, (kind, fn) => this.on(kind, fn), () => `d${++this.#transfers}`);
  }

  #resolve(target: Target): string {
    return resolveTarget(target, this.#view);
  }

  tracker(
    options: { readonly timeout?: number; readonly above?: number; readonly signal?: AbortSignal } =
      {},
  ): Promise<Agreement> {
    const { timeout = 10_000, above = 0, signal } = options;
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        events[Symbol.dispose]();
        signal?.removeEventListener("abort", abort);
        settle();
      };
      const look = (): void => {
        const agreed = agreement(this.#view);
        if (agreed !== undefined && agreed.epoch > above) finish(() => resolve(agreed));
      };
      const abort = (): void => finish(() => reject(toError(signal?.reason)));
      const timer = setTimeout(
        () => finish(() => reject(new Error(`No tracker was agreed on within ${timeout} ms`))),
        timeout,
      );
      const events = this.on("*", look);
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
      else look();
    });
  }

  // ------------------------------------------------------------ breaking

  async crash(
    target: Target,
    how: CrashKind = "terminate",
    options: { readonly hold?: boolean } = {},
  ): Promise<string> {
    const id = this.#resolve(target);
    const node = this.#nodes.get(id);
    if (node === undefined) throw new InvalidOptionError("peer", id, "a peer that is up");
    const gone = this.#untilDown(id);
    this.#announce("fault.crash", { peer: id, how });
    this.#strike(id, node, how);
    if (options.hold) {
      await gone;
      await this.#supervisor.ask.terminateChild(id);
    } else gone.catch(() => {});
    return id;
  }

  #strike(id: string, node: NodeId, how: CrashKind): void {
    switch (how) {
      case "terminate":
        this.#running.terminate(node);
        return;
      case "throw":
      case "exit":
        return this.#ref(id).tell.fault(how);
      case "hang": {
        const flag = new Int32Array(new SharedArrayBuffer(4));
        const timer = setTimeout(() => {
          this.#letGo(id);
          this.#running.terminate(node);
        }, HANG_LIMIT);
        this.#hangs.set(id, { flag, timer });
        return this.#ref(id).tell.fault("hang", flag.buffer as SharedArrayBuffer);
      }
      default:
        throw new InvalidOptionError("how", how, "terminate, throw, hang or exit");
    }
  }

  /** Wakes a blocked peer, so that its thread can end: Deno never stops one that does not yield. */
  #letGo(id: string): void {
    const hang = this.#hangs.get(id);
    if (hang === undefined) return;
    this.#hangs.delete(id);
    clearTimeout(hang.timer);
    Atomics.store(hang.flag, 0, 1);
    Atomics.notify(hang.flag, 0);
  }

  async restart(target: Target): Promise<void> {
    const id = this.#resolve(target);
    const up = this.#untilUp(id);
    this.#announce("fault.restart", { peer: id });
    if (this.#options.restart === false) {
      if (this.#nodes.has(id)) await this.#supervisor.ask.terminateChild(id);
      await this.#supervisor.with({ timeout: Infinity }).ask.startChild(
        await this.#spec(id) as never,
      );
    } else {
      await this.stop(id);
      await this.#supervisor.with({ timeout: Infinity }).ask.restartChild(id);
    }
    await up;
  }

  async stop(target: Target): Promise<void> {
    const id = this.#resolve(target);
    this.#letGo(id);
    await this.#supervisor.with({ timeout: Infinity }).ask.terminateChild(id);
  }

  async crashRegistry(): Promise<void> {
    this.#announce("fault.registry", {});
    await this.#running.crashRegistry();
  }

  get #supervisor(): NameRef<SupervisorProtocol> {
    return this.#running.registry.via<SupervisorProtocol>(ROOT_NAME);
  }

  #ref(id: string): NameRef<PeerProtocol> {
    return this.#running.registry.via<PeerProtocol>(peerName(id));
  }

  #untilDown(id: string): Promise<void> {
    return this.#until("peer.down", id, HANG_LIMIT + 5_000);
  }

  #untilUp(id: string): Promise<void> {
    return this.#until("peer.up", id, 30_000);
  }

  #until(kind: string, peer: string, ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        events[Symbol.dispose]();
        reject(new Error(`${peer}: no "${kind}" within ${ms} ms`));
      }, ms);
      const events = this.on(kind, ({ data }) => {
        if (data["peer"] !== peer) return;
        clearTimeout(timer);
        events[Symbol.dispose]();
        resolve();
      });
    });
  }

  // ------------------------------------------------------------ end

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    for (const id of [...this.#hangs.keys()]) this.#letGo(id);
    await this.#system?.shutdown();
    this.#logs.close();
    this.#emitter.removeAllListeners();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
