import { EventEmitter } from "eventemitter3";
import type { NameRef, NodeId, Registry, SystemEvent } from "../actor/mod.ts";
import type { SupervisorProtocol } from "../supervision/mod.ts";
import { child, supervisor } from "../supervision/mod.ts";
import type { peer as peerActor, PeerArgs, PeerProtocol } from "../peer/mod.ts";
import { peerName, provision, TRACED } from "../peer/mod.ts";
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
import { PeerLives } from "./peer_lives.ts";
import type { Premises } from "./premises.ts";
import type { ClusterTime } from "./time.ts";
import { peerIds, resolveTarget } from "./targets.ts";
import { untilAgreed } from "./until_agreed.ts";
import type { ClusterView } from "./view.ts";
import { apply, emptyView } from "./view.ts";

/** Milliseconds that a crashed peer stays down before its supervisor starts it again. */
const RESTART_DELAY = 500;
/** MiB of a peer's heap: far above what it needs, and soon reached by one that is told to fill it. */
const HEAP_MB = 512;
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
  readonly #lives: PeerLives;
  #view: ClusterView;
  #system: ActorSystem | undefined;
  #transfers = 0;
  #closing: Promise<void> | undefined;

  constructor(options: ClusterSettings, premises: Premises) {
    this.#options = options;
    this.#premises = premises;
    this.folder = premises.root;
    this.peers = peerIds(options);
    this.#lives = new PeerLives({
      premises,
      restart: options.restart ?? true,
      supervisor: () => this.#supervisor,
      peer: (id) => this.#ref(id),
      startAnew: async (id) => {
        await this.#supervisor.with({ timeout: Infinity }).ask.startChild(this.#spec(id) as never);
      },
      terminate: (node) => void this.#running.terminate(node),
      on: (kind, fn) => this.on(kind, fn),
      stopping: (id) => this.faults.gone(id),
    });
    this.faults = new ClusterFaults({
      peers: this.peers,
      surroundings: premises.surroundings,
      lives: this.#lives,
      resolve: (target) => this.resolve(target),
      view: () => this.#view,
      peer: (id) => this.#ref(id),
      state: (id) => ({ disk: premises.furnish(id), folder: premises.paths(id).state }),
      registry: (up) => up ? this.#running.startRegistry() : this.#running.stopRegistry(),
      now: () => this.#running.now(),
      announce: (kind, data) => this.#announce(kind, data),
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
      watch: this.#options.watch ?? this.#premises.watches,
      ...(this.#options.limits !== undefined && { limits: this.#options.limits }),
      ...(this.#options.traceMessages === true && { traceMessages: true }),
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
      heap: { oldMb: HEAP_MB },
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
    if (started !== undefined) this.#lives.began(started, node);
    this.#publish(event);
    if (started !== undefined) this.faults.back(started);
    if (kind === "node.down") this.#nodeDown(event);
    if (kind === "link.dropped") this.#dropped(event);
  }

  #nodeDown({ at, node, data }: SystemEvent): void {
    for (const peer of this.#lives.ended(node)) {
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

  /** Only traced messages have an id, and what they led to may have inherited it. */
  #dropped({ at, node, data }: SystemEvent): void {
    const peer = this.#lives.peerAt(data["from"] as NodeId);
    if (peer === undefined || !TRACED.includes(String(data["method"]))) return;
    const to = this.#lives.peerAt(data["to"] as NodeId);
    const { mid, why } = data;
    this.#publish({
      kind: "message.dropped",
      at,
      node,
      actor: undefined,
      name: peerName(peer),
      data: { peer, to, mid, why },
    });
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
    const waiting = {
      view: () => this.#view,
      on: (fn: () => void) => this.on("*", fn),
      after: (ms: number, fn: () => void) => this.#premises.after(ms, fn),
    };
    return this.#premises.wait("a tracker", untilAgreed(waiting, options));
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
    this.#lives.check(id);
    this.faults.tell("crash", [id], { how });
    await this.#lives.crash(id, how, options.hold === true);
    return id;
  }

  async restart(target: Target): Promise<void> {
    const id = this.resolve(target);
    this.faults.tell("restart", [id], {});
    await this.#lives.restart(id);
  }

  stop(target: Target): Promise<void> {
    return this.#lives.stop(this.resolve(target));
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

  // ------------------------------------------------------------ end

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    this.#lives.close();
    if (this.#system !== undefined) await this.faults.undoAll();
    await this.#system?.shutdown();
    this.#premises.close();
    this.#emitter.removeAllListeners();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
