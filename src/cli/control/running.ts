import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { codeOf, errorText, UsageError } from "../errors.ts";
import { printable } from "../text/printable.ts";
import { suggest } from "../text/suggest.ts";
import { NoClusterError } from "./errors.ts";
import { controlFolder, isStale, socketPath } from "./place.ts";
import { RemoteCluster } from "./remote_cluster.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Names of the clusters whose sockets are there; some may be dead. */
export function socketNames(env: Env): string[] {
  try {
    return readdirSync(controlFolder(env))
      .filter((file) => file.endsWith(".sock"))
      .map((file) => file.slice(0, -".sock".length))
      .sort();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** A cluster that did not answer as it should. */
export interface Unanswering {
  readonly name: string;
  readonly why: string;
}

/** Connects to every cluster of this user. Sockets of killed processes are removed. */
export async function connectAll(
  env: Env,
): Promise<
  { readonly clusters: readonly RemoteCluster[]; readonly silent: readonly Unanswering[] }
> {
  const silent: Unanswering[] = [];
  const found = await Promise.all(
    socketNames(env).map(async (name) => {
      const path = join(controlFolder(env), `${name}.sock`);
      try {
        return await RemoteCluster.connect(path);
      } catch (error) {
        if (isStale(error)) rmSync(path, { force: true });
        else silent.push({ name, why: errorText(error) });
        return undefined;
      }
    }),
  );
  return { clusters: found.filter((cluster) => cluster !== undefined), silent };
}

/** What somebody means by `brisk-otter/peer-3`, `peer-3`, `3`, `tracker` or `brisk-otter/`. */
export function whereOf(
  word: string | undefined,
): { readonly cluster: string | undefined; readonly peer: string | undefined } {
  const [, cluster, peer = ""] = /^(?:([^/]*)\/)?([^/]*)$/.exec(word ?? "") ?? [];
  return { cluster: cluster || undefined, peer: peer || undefined };
}

/** Connects to the cluster `name`; to the only one there is if that is undefined. @throws NoClusterError, UsageError */
export async function connectTo(env: Env, name: string | undefined): Promise<RemoteCluster> {
  return name === undefined ? await connectToOnly(env) : await connectByName(env, name);
}

async function connectByName(env: Env, name: string): Promise<RemoteCluster> {
  const path = socketPath(controlFolder(env), name);
  try {
    return await RemoteCluster.connect(path);
  } catch (error) {
    if (!isStale(error)) throw error;
    if (codeOf(error) !== "ENOENT") rmSync(path, { force: true });
    const meant = suggest(name, socketNames(env));
    throw new NoClusterError(
      `No cluster "${printable(name)}" runs` + (meant ? `; did you mean "${meant}"?` : ""),
      { cause: error },
    );
  }
}

async function connectToOnly(env: Env): Promise<RemoteCluster> {
  const { clusters, silent } = await connectAll(env);
  const [first, ...others] = clusters;
  if (first !== undefined && others.length === 0) return first;
  await Promise.all(clusters.map((cluster) => cluster[Symbol.asyncDispose]()));
  if (first !== undefined) {
    const names = clusters.map(({ info }) => info.name).join(", ");
    throw new UsageError(`${clusters.length} clusters run, expected the name of one: ${names}`);
  }
  const [mute] = silent;
  throw new NoClusterError(
    mute === undefined ? "No cluster runs" : `No cluster answers: ${mute.name}: ${mute.why}`,
  );
}
