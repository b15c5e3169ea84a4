import type { PeerView } from "../../cluster/api.ts";
import { isRecord } from "./messages.ts";

/** What a cluster says of itself to whoever connects. */
export interface ClusterInfo {
  readonly v: 1;
  readonly name: string;
  readonly pid: number;
  /** As `node 20.20.2`. */
  readonly runtime: string;
  /** Of troupe. */
  readonly version: string;
  readonly seed: string;
  readonly folder: string;
  /** When its clock began, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly peers: readonly PeerView[];
  /** The folders of every peer, by its id. */
  readonly folders: Readonly<
    Record<string, { readonly shared: string; readonly downloads: string; readonly log: string }>
  >;
}

/** Whether `value` is what a cluster of this version says. */
export function isClusterInfo(value: unknown): value is ClusterInfo {
  return isRecord(value) && value["v"] === 1 && typeof value["name"] === "string" &&
    Array.isArray(value["peers"]) && isRecord(value["folders"]);
}
