import process from "node:process";
import type { Cluster } from "../../cluster/api.ts";
import { LocalBreaking } from "../breaking/local.ts";
import { UsageError } from "../errors.ts";
import { VERSION } from "../version.ts";
import type { ClusterInfo } from "./cluster_info.ts";
import { EventFeed } from "./event_feed.ts";
import { freeName, nameOf } from "./names.ts";
import { claimFolder, controlFolder, socketPath } from "./place.ts";
import { probe } from "./probe.ts";
import { socketNames } from "./running.ts";
import { listen } from "./server.ts";

/** How a cluster's control socket is opened. */
export interface ControlOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its name; drawn from the cluster's seed if it is undefined. */
  readonly name: string | undefined;
  readonly runtime: string;
  readonly cluster: Cluster;
  /** When the cluster's clock began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Somebody wants the cluster to end. */
  down(): void;
}

/** An open control socket. */
export interface Control extends AsyncDisposable {
  readonly name: string;
  readonly path: string;
}

/** @throws UsageError if `name` can be none, its path is too long, or a living cluster has it */
export async function checkName(env: ControlOptions["env"], name: string): Promise<void> {
  const path = socketPath(controlFolder(env), name);
  if (await probe(path) !== "alive") return;
  throw new UsageError(`A cluster of the name ${name} runs already`, {
    hint: `Choose another --name, or stop it: troupe down ${name}.`,
  });
}

/** Lets others look at a cluster and break it, through a socket of its owner alone. */
export async function openControl(options: ControlOptions): Promise<Control> {
  const { env, runtime, cluster, startedAt } = options;
  const folder = controlFolder(env);
  claimFolder(folder);
  const name = options.name ?? freeName(nameOf(cluster.seed), new Set(socketNames(env)));
  const feed = new EventFeed((fn) => cluster.on("*", fn), startedAt);
  const info = (): ClusterInfo => ({
    v: 1,
    name,
    pid: process.pid,
    runtime,
    version: VERSION,
    seed: cluster.seed,
    folder: cluster.folder,
    startedAt,
    peers: cluster.view(),
    folders: Object.fromEntries(cluster.peers.map((id) => [id, cluster.folders(id)])),
  });
  try {
    const server = await listen(socketPath(folder, name), {
      cluster,
      breaking: new LocalBreaking(cluster),
      feed,
      info,
      down: options.down,
    });
    return {
      name,
      path: server.path,
      async [Symbol.asyncDispose]() {
        feed[Symbol.dispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    feed[Symbol.dispose]();
    throw error;
  }
}
