import type { MessagePort } from "node:worker_threads";
import type { ActorId, ExitReason, HeapLimits, NodeId, SpawnOptions } from "../../actor/mod.ts";
import type { ModuleSource } from "../../actor/definition.ts";
import type { Bonds, SystemEvent } from "../../actor/host.ts";
import type { FaultView } from "./fault_memory.ts";
import type { RegistryListener } from "../../registry/mod.ts";

/** What a thread is given when it starts. */
export interface ThreadData {
  readonly node: NodeId;
  /** Leads to the main thread. */
  readonly port: MessagePort;
  /** See `threadClock`. */
  readonly start: number;
  readonly seed: string;
  /** See `PulseWriter`. */
  readonly pulse: SharedArrayBuffer;
  /** Milliseconds between two beats. */
  readonly beatMs: number;
  /** The limits that were asked for. */
  readonly heap: HeapLimits;
  /** Closes when the thread is gone. Nothing travels on it. */
  readonly lifeline?: MessagePort;
  /** What is wrong with it, where experiments concern it. */
  readonly faults?: FaultView;
}

/** An actor to be started on another thread. */
export interface SpawnRequest {
  readonly source: ModuleSource;
  readonly args: unknown;
  readonly options: Omit<SpawnOptions, "signal">;
  readonly bonds: Bonds;
  /** Milliseconds of the start's limit that its thread has used up; default 0. */
  readonly spent?: number;
}

/** An actor as `inspect` shows it. */
export interface ActorInfo {
  readonly id: ActorId;
  readonly name: string | undefined;
  /** Who spawned it; undefined if that was no actor. */
  readonly parent: ActorId | undefined;
  readonly kind: "worker" | "supervisor";
  readonly node: NodeId;
  readonly state: "starting" | "idle" | "busy" | "stopping";
  readonly mailbox: {
    readonly size: number;
    readonly capacity: number;
    readonly peak: number;
    readonly dropped: number;
  };
  /** Requests begun. */
  readonly handled: number;
  /** Requests and callbacks that threw. */
  readonly failed: number;
  /** The request that holds the mailbox, and for how many milliseconds. */
  readonly current: { readonly method: string; readonly sinceMs: number } | undefined;
  /** Milliseconds since it was spawned. */
  readonly ageMs: number;
}

/** A node as `inspect` shows it. */
export interface NodeInfo {
  readonly node: NodeId;
  readonly actors: readonly ActorInfo[];
  /** Asks from this node without a reply so far. */
  readonly pendingAsks: number;
  /** Those of them that have no timeout, by method: only a reply, or somebody's end, ends them. */
  readonly untimedAsks: Readonly<Record<string, number>>;
  /** Messages from this node that wait for room at their targets, asks among them. */
  readonly held: number;
  readonly links: number;
  /** Bytes of this thread's heap in use. */
  readonly heapUsed: number;
}

/** What every node's kernel does for the others. */
export type KernelProtocol = RegistryListener & {
  spawn(request: SpawnRequest): Promise<ActorId>;
  /** A port that leads to `node`, at `place` where experiments concern it. */
  link(node: NodeId, port: unknown, place?: number): void;
  /** What is wrong with this thread has changed. */
  disturbed(): void;
  nodeDown(node: NodeId, reason: ExitReason, goneSince?: number): void;
  inspect(): NodeInfo;
};

/** What the main thread's kernel does besides. */
export type MainKernelProtocol = KernelProtocol & {
  ready(node: NodeId): void;
  /** The thread is about to end because of an error that belongs to no call. */
  crashed(node: NodeId, error: Error): void;
  connect(from: NodeId, to: NodeId): void;
  spawnElsewhere(request: SpawnRequest): Promise<ActorId>;
  kill(id: ActorId): void;
  announce(id: ActorId): void;
  /** @param at when, on the clock of the thread */
  ended(id: ActorId, reason: ExitReason, at: number): void;
  event(event: SystemEvent): void;
  /** Several, in the order in which they happened. */
  events(events: readonly SystemEvent[]): void;
};
