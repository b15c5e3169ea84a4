import type { CrashKind, DownloadOptions } from "../../cluster/api.ts";
import type { LinkFault } from "../../cluster/faults.ts";
import type { Breaking } from "../breaking/breaking.ts";
import { unlessAborted } from "../waiting.ts";
import type { Call } from "./connection.ts";
import type { Params } from "./messages.ts";
import { flag, groups, optionalNumber, optionalText, text, texts } from "./params.ts";
import type { ShownCluster } from "./shown_cluster.ts";

/** A cluster, and how it is broken. */
export interface Subject {
  readonly cluster: ShownCluster;
  readonly breaking: Breaking;
}

/** What of a cluster can be called from outside, by name. */
type Method = (cluster: ShownCluster, params: Params, call: Call) => unknown;
type FaultMethod = (breaking: Breaking, params: Params) => unknown;

/** The calls that a cluster answers; the control socket adds those about itself. */
const METHODS: Readonly<Record<string, Method>> = {
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

const FAULTS: Readonly<Record<string, FaultMethod>> = {
  crash: (breaking, params) =>
    breaking.crash(text(params, "peer"), optionalText(params, "how") as CrashKind | undefined, {
      hold: flag(params, "hold"),
      ...lasting(params),
    }),
  "fault.partition": (breaking, params) =>
    breaking.partition(groups(params, "groups"), {
      oneWay: flag(params, "oneWay"),
      ...lasting(params),
    }),
  "fault.link": (breaking, params) =>
    breaking.link(
      text(params, "from"),
      text(params, "to"),
      (params["fault"] ?? {}) as LinkFault,
      lasting(params),
    ),
  "fault.pause": (breaking, params) => breaking.pause(text(params, "peer"), lasting(params)),
  "fault.slow": (breaking, params) =>
    breaking.slow(text(params, "peer"), optionalNumber(params, "ms") ?? 0, lasting(params)),
  "fault.timers": (breaking, params) =>
    breaking.timers(text(params, "how") as "align" | "spread", texts(params, "peers")),
  "fault.heal": (breaking) => breaking.heal(),
  "fault.active": (breaking) => breaking.active(),
};

/** What the method `name` gives, unless its caller takes it back first; undefined if there is no such method. */
export function answer(
  name: string,
  { cluster, breaking }: Subject,
  params: Params,
  call: Call,
): Promise<unknown> | undefined {
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  const fault = Object.hasOwn(FAULTS, name) ? FAULTS[name] : undefined;
  if (method === undefined && fault === undefined) return undefined;
  const work = (async () => await (method?.(cluster, params, call) ?? fault?.(breaking, params)))();
  return unlessAborted(work, call.signal);
}

function lasting(params: Params): { readonly forMs: number | undefined } {
  return { forMs: optionalNumber(params, "forMs") };
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
