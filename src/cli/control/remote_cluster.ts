import { EventEmitter } from "eventemitter3";
import type { SystemEvent } from "../../actor/mod.ts";
import type { Agreement, Cluster, PeerView, Target } from "../../cluster/api.ts";
import { resolveTarget } from "../../cluster/targets.ts";
import type { ClusterView } from "../../cluster/view.ts";
import { apply } from "../../cluster/view.ts";
import type { Breaking } from "../breaking/breaking.ts";
import { RemoteBreaking } from "../breaking/remote.ts";
import type { ClusterInfo } from "./cluster_info.ts";
import { isClusterInfo } from "./cluster_info.ts";
import { Connection } from "./connection.ts";
import { ConnectionLostError } from "./errors.ts";
import type { EventFilter, WireEvent } from "./event_wire.ts";
import { fromWire, isWireEvent } from "./event_wire.ts";
import type { Params } from "./messages.ts";
import { openSocket } from "./probe.ts";
import { RemotePeer } from "./remote_peer.ts";
import type { ShownCluster } from "./shown_cluster.ts";

type Listeners = { [kind: string]: (event: SystemEvent) => void };

/** A cluster of another process, as far as its control socket lets one see and change it. */
export class RemoteCluster implements ShownCluster, AsyncDisposable {
  readonly info: ClusterInfo;
  readonly breaking: Breaking;
  readonly #connection: Connection;
  readonly #emitter = new EventEmitter<Listeners>();
  readonly #readers: Map<number, (event: WireEvent) => void>;
  #view: ClusterView;
  #subscriptions = 0;

  private constructor(
    info: ClusterInfo,
    connection: Connection,
    readers: Map<number, (event: WireEvent) => void>,
  ) {
    this.info = info;
    this.breaking = new RemoteBreaking((...request) => this.#ask(...request));
    this.#connection = connection;
    this.#readers = readers;
    this.#view = viewOf(info.peers);
  }

  /** Connects to the socket at `path`. Rejects with the system's error if nobody listens. */
  static async connect(path: string): Promise<RemoteCluster> {
    const readers = new Map<number, (event: WireEvent) => void>();
    let cluster: RemoteCluster | undefined;
    const connection = new Connection(await openSocket(path), {
      notified(method, { subscription, event }) {
        if (method === "dropped" && cluster !== undefined) void cluster.#lookAgain();
        if (method !== "event" || !isWireEvent(event)) return;
        readers.get(subscription as number)?.(event);
      },
    });
    try {
      const info = await connection.call("hello", {}, { signal: AbortSignal.timeout(5_000) });
      if (isClusterInfo(info)) return cluster = new RemoteCluster(info, connection, readers);
      throw new ConnectionLostError(`What listens at ${path} is no cluster of this version`);
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** Resolves when the cluster is gone, or the connection to it. */
  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  /** From now on `view` is kept up to date, and `on` tells events. */
  async follow(): Promise<void> {
    await this.read({ last: 0 }, (event) => {
      const local = fromWire(event);
      this.#view = apply(this.#view, local);
      this.#emitter.emit(local.kind, local);
      this.#emitter.emit("*", local);
    }, (view) => this.#view = viewOf(view));
  }

  /** Calls `begun` with the view of now, then `fn` for the `last` events and for those that come. */
  async read(
    { last, ...filter }: EventFilter & { readonly last: number },
    fn: (event: WireEvent) => void,
    begun: (view: readonly PeerView[]) => void = () => {},
  ): Promise<void> {
    const subscription = ++this.#subscriptions;
    // Events may come with the answer, before anybody has read that.
    const early: WireEvent[] = [];
    this.#readers.set(subscription, (event) => early.push(event));
    const answer = await this.#ask("subscribe", { subscription, last, ...filter });
    const { past, view } = answer as {
      readonly past: readonly WireEvent[];
      readonly view: readonly PeerView[];
    };
    begun(view);
    for (const event of [...past, ...early]) fn(event);
    this.#readers.set(subscription, fn);
  }

  /** Asks the cluster to end; resolves when it is gone. */
  async down(): Promise<void> {
    await this.#ask("down", {}).catch((error) => {
      // It may be gone before it has answered.
      if (!(error instanceof ConnectionLostError)) throw error;
    });
    await this.closed;
  }

  get seed(): string {
    return this.info.seed;
  }

  get folder(): string {
    return this.info.folder;
  }

  get peers(): readonly string[] {
    return [...this.#view.keys()];
  }

  folders(peer: Target): ReturnType<Cluster["folders"]> {
    const id = resolveTarget(peer, this.#view);
    return this.info.folders[id] ?? { shared: "", downloads: "", log: "" };
  }

  peer(peer: Target): RemotePeer {
    return new RemotePeer(resolveTarget(peer, this.#view), (...request) => this.#ask(...request));
  }

  view(): readonly PeerView[] {
    return [...this.#view.values()];
  }

  tracker(options: Parameters<Cluster["tracker"]>[0] = {}): Promise<Agreement> {
    const { above, timeout, signal } = options;
    return this.#ask("tracker", { above, timeoutMs: timeout }, { signal }) as Promise<Agreement>;
  }

  async restart(target: Target): Promise<void> {
    await this.#ask("restart", { peer: String(target) });
  }

  async stop(target: Target): Promise<void> {
    await this.#ask("stop", { peer: String(target) });
  }

  inspect(): ReturnType<Cluster["inspect"]> {
    return this.#ask("inspect", {}) as ReturnType<Cluster["inspect"]>;
  }

  on(
    kind: string,
    fn: (event: SystemEvent) => void,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Disposable {
    const off = (): void => {
      this.#emitter.off(kind, fn);
      signal?.removeEventListener("abort", off);
    };
    if (signal?.aborted) return { [Symbol.dispose]: off };
    this.#emitter.on(kind, fn);
    signal?.addEventListener("abort", off, { once: true });
    return { [Symbol.dispose]: off };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#connection.close();
  }

  /** Events were left out: what they would have changed is asked for. */
  async #lookAgain(): Promise<void> {
    try {
      this.#view = viewOf(await this.#ask("view", {}) as readonly PeerView[]);
    } catch {
      // The cluster is gone, which others are told.
    }
  }

  #ask(method: string, params: Params, options = {}): Promise<unknown> {
    return this.#connection.call(method, params, options);
  }
}

function viewOf(peers: readonly PeerView[]): ClusterView {
  return new Map(peers.map((peer) => [peer.id, { ...peer, tracker: peer.tracker }]));
}
