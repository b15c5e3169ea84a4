import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { peerOf } from "../breaking/words.ts";
import { NoClusterError } from "../control/errors.ts";
import type { RemoteCluster } from "../control/remote_cluster.ts";
import { connectTo } from "../control/running.ts";
import { UsageError } from "../errors.ts";
import type { Io } from "../io.ts";
import { existingFolder } from "../run_folder.ts";

/** The folder of logs in that of a cluster. */
const LOGS = "logs";

/** Where logs are. */
export interface Source extends AsyncDisposable {
  readonly folder: string;
  readonly peers: readonly string[];
  /** Aborted when nothing can come any more. */
  readonly ended: AbortSignal;
  peerCalled(word: string): string;
}

/** Those of the folder `run`, or of a cluster that runs; where none does, of the last one here. @throws UsageError, NoClusterError */
export async function sourceOf(
  { run, cluster }: { readonly run?: string; readonly cluster?: string },
  { env, cwd }: Pick<Io, "env" | "cwd">,
): Promise<Source> {
  if (run === "latest") return folderSource(latestOf(cwd) ?? join(cwd, ".troupe", "runs"));
  if (run !== undefined) return folderSource(await existingFolder("--run", run, cwd));
  try {
    return clusterSource(await connectTo(env, cluster));
  } catch (error) {
    const latest = latestOf(cwd);
    if (!(error instanceof NoClusterError) || cluster !== undefined || latest === undefined) {
      throw error;
    }
    return folderSource(latest);
  }
}

/** The folder of the last cluster below `cwd` that wrote logs; simulated runs write none. */
function latestOf(cwd: string): string | undefined {
  const runs = join(cwd, ".troupe", "runs");
  if (!existsSync(runs)) return undefined;
  return readdirSync(runs)
    .map((name) => join(runs, name))
    .filter((path) => existsSync(join(path, LOGS)))
    .sort((a, b) => statSync(b).birthtimeMs - statSync(a).birthtimeMs)[0];
}

function folderSource(run: string): Source {
  const folder = join(run, LOGS);
  if (!existsSync(folder)) throw new UsageError(`There are no logs in ${run}`);
  const peers = readdirSync(folder).filter((file) => file.endsWith(".log"))
    .map((file) => basename(file, ".log"))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return {
    folder,
    peers,
    ended: new AbortController().signal,
    peerCalled: (word) => /^\d+$/.test(word) ? `peer-${Number(word)}` : word,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function clusterSource(cluster: RemoteCluster): Source {
  const ended = new AbortController();
  void cluster.closed.then(() => ended.abort());
  return {
    folder: join(cluster.folder, LOGS),
    peers: cluster.peers,
    ended: ended.signal,
    peerCalled: (word) => peerOf(word, cluster.view()),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}
