import type { ActorDefinition, SystemEvent } from "../../actor/mod.ts";
import type { Cluster, ClusterSettings } from "../../cluster/mod.ts";
import type { PeerArgs, PeerProtocol } from "../../peer/mod.ts";
import type { ClusterPlan, Span } from "../scenario/schedule.ts";
import type { KnownFile } from "./files.ts";
import type { Mode } from "./run_result.ts";

/** How a run's cluster is made. */
export interface StageOptions {
  readonly plan: ClusterPlan;
  readonly seed: string;
  readonly files: ReadonlyMap<string, KnownFile>;
  readonly onEvent: (event: SystemEvent) => void;
  /** What is run as a peer in simulation; for tests that break one. */
  readonly mutant?: ActorDefinition<PeerArgs, PeerProtocol> | undefined;
  /** Whether every message of the election is told. */
  readonly messages: boolean;
  /** Where threads keep logs and files: a temporary folder unless told. */
  readonly folder?: string | undefined;
}

/** A cluster, and the hands that reach into its folders. */
export interface Stage extends AsyncDisposable {
  readonly cluster: Cluster;
  /** Puts a file into the shared folder of a peer. */
  put(peer: string, name: string, bytes: Uint8Array): Promise<void>;
  remove(peer: string, name: string): Promise<void>;
  /** The file at `path`, as a peer named it; undefined where there is none. */
  read(peer: string, path: string): Promise<Uint8Array | undefined>;
}

/** Peers of a plan that does not say how many. */
export const PEERS = 5;

/** The ids of a plan's peers. */
export function peersOf({ peers = PEERS }: ClusterPlan): string[] {
  return Array.from({ length: peers }, (_, i) => `peer-${i + 1}`);
}

/** What both kinds of clusters are told of a plan. */
export function settingsOf(
  { plan, seed, onEvent, messages }: StageOptions,
): ClusterSettings & { readonly seed: string } {
  // Who is not to be started again by its supervisor is held down by the crash, and started when that is undone.
  const { files: _files, latency: _latency, mutant: _mutant, restart: _restart, ...settings } =
    plan;
  return { ...settings, seed, onEvent, traceMessages: messages };
}

/** A span as least and most. */
export function bounds(span: Span): { readonly min: number; readonly max: number } {
  return typeof span === "number" ? { min: span, max: span } : span;
}

/** Makes the cluster of a run. Whichever mode is not used is not loaded. */
export async function openStage(mode: Mode, options: StageOptions): Promise<Stage> {
  if (mode === "sim") return await (await import("./simulated_stage.ts")).openSimulated(options);
  return await (await import("./live_stage.ts")).openLive(options);
}
