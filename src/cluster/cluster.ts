import { EventEmitter } from "eventemitter3";
import type { NameRef, NodeId, Registry, SystemEvent } from "../actor/mod.ts";
import { InvalidOptionError, toError } from "../actor/mod.ts";
import type { SupervisorProtocol } from "../supervision/mod.ts";
import { child, supervisor } from "../supervision/mod.ts";
import type { peer as peerActor, PeerArgs, PeerProtocol } from "../peer/mod.ts";
import { peerName, provision } from "../peer/mod.ts";
import type { ActorSystem, SystemInfo } from "../runtime/mod.ts";
import { ROOT_NAME } from "../runtime/mod.ts";
import type {
  Agreement,
  Cluster,
  ClusterSettings,
  CrashKind,
  PeerHandle,
  PeerView,
  Target,
} from "./api.ts";
import { ClusterFaults } from "./cluster_faults.ts";
import { Electorate } from "./electorate.ts";
import { electionSettings } from "./options.ts";
import { NamedPeer } from "./peer_handle.ts";
import type { Premises } from "./premises.ts";
import type { ClusterTime } from "./time.ts";
import { peerIds, resolveTarget } from "./targets.ts";
import type { ClusterView } from "./view.ts";
import { agreement, apply, emptyView } from "./view.ts";

/** Milliseconds that a hanging peer is left alone before it is killed. */
const HANG_LIMIT = 2_000;
/** Milliseconds that a crashed peer stays down before its supervisor starts it again. */
const RESTART_DELAY = 500;
/** Restarts in a minute, per peer, that are taken for an experiment and not for a fault of ours. */
const RESTARTS = 60;

type Listeners = { [kind: string]: (event: SystemEvent) => void };

/** A cluster on whatever premises. */
export class LocalCluster implements Cluster {
  readonly peers: readonly string[];
  readonly folder: string;
  readonly faults: ClusterFaults;
  readonly #options: ClusterSettings;
  readonly #premises: Premises;
  readonly #emitter = new EventEmitter<Listeners>();
  /** The thread that each living peer is in. */
  readonly #nodes = new Map<string, NodeId>();
  /** How hanging peers are let go, and when they are at the latest. */
  readonly #hangs = new Map<string, { readonly letGo: () => void; readonly timer: Disposable }>();
  #view: ClusterView;
  #system: ActorSystem | undefined;
  #transfers = 0;
  #closing: Promise<void> | undefined;

  constructor(options: ClusterSettings, premises: Premises) {
    this.#options = options;
    this.#premises = premises;
    this.folder = premises.root;
    this.peers = peerIds(options);
    this.faults = new ClusterFaults({
      peers: this.peers,
      surroundings: premises.surroundings,
      resolve: (target) => this.resolve(target),
      isUp: (peer) => this.#nodes.has(peer),
      now: () => this.#running.now(),
      announce: (kind, data) => this.#announce(kind, data),
      resign: (peer) => this.#ref(peer).ask.resign(this.#view.get(peer)?.epoch ?? 0),
    });
    this.#view = emptyView(this.peers);
    if (options.onEvent !== undefined) this.#emitter.on("*", options.onEvent);
  }

  async start(): Promise<void> {
    this.#premises.claim();
    // Once: a record that is missing later was lost.
    for (const id of this.peers) {
      const disk = this.#premises.furnish(id);
      await provision(disk, this.#args(id));
    }
    const specs = this.peers.map((id) => this.#spec(id));
    const root = supervisor(
      { intensity: RESTARTS * this.peers.length, periodMs: 60_000 },
      specs,
    );
    this.#system = await this.#premises.open({
      root,
      seed: this.#options.seed,
      onEvent: (event) => this.#receive(event),
    });
  }

  #args(id: string): PeerArgs {
    const folders = this.#premises.paths(id);
    return {
      id,
      electorate: this.peers.slice(0, this.#options.voters),
      shared: folders.shared,
      downloads: folders.downloads,
      state: folders.state,
      election: electionSettings(this.#options),
      ...(this.#options.limits !== undefined && { limits: this.#options.limits }),
    };
  }

  #spec(id: string): ReturnType<typeof child> {
    this.#premises.furnish(id);
    const { restart = true } = this.#options;
    const args = this.#args(id);
    return child({
      id,
      start: this.#premises.peer as typeof peerActor,
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
    const started = kind === "peer.up" ? String(data["peer"]) : undefined;
    if (started !== undefined) this.#nodes.set(started, node);
    this.#publish(event);
    if (started !== undefined) this.faults.back(started);
    if (kind === "node.down") this.#nodeDown(event);
  }

  #nodeDown({ at, node, data }: SystemEvent): void {
    for (const [peer, home] of this.#nodes) {
      if (home !== node) continue;
      this.#nodes.delete(peer);
      this.#letGo(peer);
      this.faults.gone(peer);
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
    if (typeof peer === "string") this.#premises.log(peer, event);
    this.#emitter.emit(event.kind, event);
    this.#emitter.emit("*", event);
  }

  /** Makes known what was done to the cluster. */
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

  get time(): ClusterTime {
    return {
      now: () => this.#running.now(),
      at: (time, fn) => this.#premises.at(time, fn),
      wait: (what, work) => this.#premises.wait(what, work),
    };
  }

  inspect(): Promise<SystemInfo> {
    return this.#running.inspect();
  }

  view(): readonly PeerView[] {
    return this.peers.map((id) => this.#view.get(id) as PeerView);
  }

  folders(
    peer: Target,
  ): { readonly shared: string; readonly downloads: string; readonly log: string } {
    return this.#premises.paths(this.resolve(peer));
  }

  peer(peer: Target): PeerHandle {
    const id = this.resolve(peer);
    const ref = this.#running.registry.via<PeerProtocol>(peerName(id));
    return new NamedPeer(id, ref, (kind, fn) => this.on(kind, fn), () => `d${++this.#transfers}`);
  }

  /** @throws InvalidOptionError if there is no such peer */
  protected resolve(target: Target): string {
    return resolveTarget(target, this.#view);
  }

  tracker(
    options: { readonly timeout?: number; readonly above?: number; readonly signal?: AbortSignal } =
      {},
  ): Promise<Agreement> {
    return this.#premises.wait("a tracker", this.#agreed(options));
  }

  #agreed({ timeout = 10_000, above = 0, signal }: {
    readonly timeout?: number;
    readonly above?: number;
    readonly signal?: AbortSignal;
  }): Promise<Agreement> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        timer[Symbol.dispose]();
        events[Symbol.dispose]();
        signal?.removeEventListener("abort", abort);
        settle();
      };
      const look = (): void => {
        const agreed = agreement(this.#view);
        if (agreed !== undefined && agreed.epoch > above) finish(() => resolve(agreed));
      };
      const abort = (): void => finish(() => reject(toError(signal?.reason)));
      const timer = this.#premises.after(
        timeout,
        () => finish(() => reject(new Error(`No tracker was agreed on within ${timeout} ms`))),
      );
      const events = this.on("*", look);
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
      else look();
    });
  }

  // ------------------------------------------------------------ the electorate

  addVoter(peer: Target): Promise<readonly string[]> {
    return this.#electorate.add(this.resolve(peer));
  }

  removeVoter(peer: Target): Promise<readonly string[]> {
    return this.#electorate.remove(this.resolve(peer));
  }

  get #electorate(): Electorate {
    return new Electorate((id) => this.#ref(id), (above = 0) => this.tracker({ above }));
  }

  // ------------------------------------------------------------ breaking

  async crash(
    target: Target,
    how: CrashKind = "terminate",
    options: { readonly hold?: boolean } = {},
  ): Promise<string> {
    const id = this.resolve(target);
    const node = this.#nodes.get(id);
    if (node === undefined) throw new InvalidOptionError("peer", id, "a peer that is up");
    const gone = this.#untilDown(id);
    this.faults.tell("crash", [id], { how });
    const victim = {
      id,
      node,
      tell: (way: "throw" | "exit" | "hang", flag?: SharedArrayBuffer) =>
        this.#ref(id).tell.fault(way, flag),
    };
    const letGo = this.#premises.strike(victim, how);
    if (letGo !== undefined) this.#hang(id, node, letGo);
    if (options.hold) {
      await this.#premises.wait(`the end of ${id}`, gone);
      await this.#supervisor.ask.terminateChild(id);
    } else gone.catch(() => {});
    return id;
  }

  #hang(id: string, node: NodeId, letGo: () => void): void {
    const timer = this.#premises.after(HANG_LIMIT, () => {
      this.#letGo(id);
      this.#running.terminate(node);
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

  async restart(target: Target): Promise<void> {
    const id = this.resolve(target);
    const up = this.#untilUp(id);
    this.faults.tell("restart", [id], {});
    if (this.#options.restart === false) {
      if (this.#nodes.has(id)) await this.#supervisor.ask.terminateChild(id);
      await this.#supervisor.with({ timeout: Infinity }).ask.startChild(
        this.#spec(id) as never,
      );
    } else {
      await this.stop(id);
      await this.#supervisor.with({ timeout: Infinity }).ask.restartChild(id);
    }
    await this.#premises.wait(`the start of ${id}`, up);
  }

  async stop(target: Target): Promise<void> {
    const id = this.resolve(target);
    this.#letGo(id);
    this.faults.gone(id);
    await this.#supervisor.with({ timeout: Infinity }).ask.terminateChild(id);
  }

  async crashRegistry(): Promise<void> {
    this.faults.tell("registry", [], {});
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
      const timer = this.#premises.after(ms, () => {
        events[Symbol.dispose]();
        reject(new Error(`${peer}: no "${kind}" within ${ms} ms`));
      });
      const events = this.on(kind, ({ data }) => {
        if (data["peer"] !== peer) return;
        timer[Symbol.dispose]();
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
    if (this.#system !== undefined) await this.faults.undoAll();
    await this.#system?.shutdown();
    this.#premises.close();
    this.#emitter.removeAllListeners();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
