import type { CrashKind, DownloadOptions } from "../../cluster/api.ts";
import { unlessAborted } from "../waiting.ts";
import type { Call } from "./connection.ts";
import type { Params } from "./messages.ts";
import { flag, optionalNumber, optionalText, text } from "./params.ts";
import type { ShownCluster } from "./shown_cluster.ts";

/** What of a cluster can be called from outside, by name. */
export type Method = (cluster: ShownCluster, params: Params, call: Call) => unknown;

/** The calls that a cluster answers; the control socket adds those about itself. */
export const METHODS: Readonly<Record<string, Method>> = {
  view: (cluster) => cluster.view(),
  inspect: (cluster) => cluster.inspect(),
  tracker: (cluster, params, { signal }) => {
    const [above, timeout] = [optionalNumber(params, "above"), optionalNumber(params, "timeoutMs")];
    return cluster.tracker({
      signal,
      ...(above !== undefined && { above }),
      ...(timeout !== undefined && { timeout }),
    });
  },
  crash: (cluster, params) =>
    cluster.crash(text(params, "peer"), optionalText(params, "how") as CrashKind | undefined, {
      hold: flag(params, "hold"),
    }),
  restart: (cluster, params) => cluster.restart(text(params, "peer")),
  stop: (cluster, params) => cluster.stop(text(params, "peer")),
  "peer.search": (cluster, params) => peerOf(cluster, params).search(text(params, "query")),
  "peer.network": (cluster, params) => peerOf(cluster, params).network(),
  "peer.files": (cluster, params) => peerOf(cluster, params).files(),
  "peer.status": (cluster, params) => peerOf(cluster, params).status(),
  "peer.refresh": (cluster, params) => peerOf(cluster, params).refresh(),
  "peer.verify": (cluster, params) =>
    peerOf(cluster, params).verify({ repair: flag(params, "repair") }),
  "peer.election": (cluster, params) => peerOf(cluster, params).election(),
  "peer.cancel": (cluster, params) => peerOf(cluster, params).cancel(text(params, "transfer")),
  "peer.limit": (cluster, params) =>
    peerOf(cluster, params).limit((params["limits"] ?? {}) as Readonly<Record<string, number>>),
  "peer.download": (cluster, params, call) =>
    peerOf(cluster, params).download(text(params, "file"), downloadOptions(params, call)),
  "peer.downloadFolder": (cluster, params, call) =>
    peerOf(cluster, params).downloadFolder(text(params, "folder"), downloadOptions(params, call)),
};

/** What `method` gives, unless its caller takes it back first. */
export function answer(
  method: Method,
  cluster: ShownCluster,
  params: Params,
  call: Call,
): Promise<unknown> {
  const work = (async () => await method(cluster, params, call))();
  return unlessAborted(work, call.signal);
}

function peerOf(cluster: ShownCluster, params: Params): ReturnType<ShownCluster["peer"]> {
  return cluster.peer(text(params, "peer"));
}

function downloadOptions(params: Params, call: Call): DownloadOptions {
  const [holder, priority] = [optionalText(params, "holder"), optionalNumber(params, "priority")];
  return {
    signal: call.signal,
    onProgress: (transfer) => call.progress(transfer),
    ...(holder !== undefined && { holder }),
    ...(priority !== undefined && { priority }),
  };
}
